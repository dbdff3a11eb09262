import type pg from 'pg';

/** How the promises stand once all is quiet: the same question for every contender. */
export type Audit = {
  charged: number;
  onBalances: number;
  paid: number;
  payments: number;
  holds: number;
  /** Accounts that hold something else than their ledgers come to. */
  unbalanced: number;
  seatsTwice: number;
  /** Paid reservations without a payment of their own, and payments without their reservation. */
  unmatched: number;
  /** Tokens and reservations that a saga still claims that has ended without success. */
  stillClaimed: number;
};

export async function audit(postgres: pg.Pool): Promise<Audit> {
  const { rows } = await postgres.query(
    `select (select coalesce(sum(amount), 0) from balance.ledger where kind = 'charge')::float8 as charged,
            (select coalesce(sum(balance), 0) from balance.account)::float8 as "onBalances",
            (select coalesce(sum(amount), 0) from payment.payment where status = 'COMPLETED')::float8 as paid,
            (select count(*) from payment.payment where status = 'COMPLETED')::int as payments,
            (select count(*) from reservation.reservation where status = 'TEMPORARY_HOLD')::int as holds,
            (select count(*) from balance.account left join (
               select user_id, sum(case credit_account when 'user' then amount else -amount end) as total,
                 count(*) as lines
               from balance.ledger group by user_id) ledger using (user_id)
             where balance <> coalesce(total, 0) or entries <> coalesce(lines, 0))::int as unbalanced,
            (select count(*) from (select concert_seat_id from reservation.reservation_seat
               where live group by 1 having count(*) > 1) twice)::int as "seatsTwice",
            (select count(*) from (select reservation_id from reservation.reservation where status = 'PAID') reserved
               full join (select reservation_id from payment.payment where status = 'COMPLETED') paid
               using (reservation_id)
             where reserved.reservation_id is null or paid.reservation_id is null)::int as unmatched,
            (select count(*) from reservation.reservation
               where status = 'TEMPORARY_HOLD' and paying_saga is not null)::int
              + (select count(*) from token.token where claimed_by is not null)::int as "stillClaimed"`,
  );
  return rows[0];
}

/** What clients were told. */
export type Told = { paid: number; held: number; preparedHolds: number };

/** @returns what is wrong; nothing, where all promises were kept */
export function violations(found: Audit, told: Told): string[] {
  const wrong = (broken: boolean, what: string): string[] => (broken ? [what] : []);
  const { charged, onBalances, paid } = found;
  return [
    ...wrong(charged !== onBalances + paid, `money: charged ${charged}, there is ${onBalances} + ${paid}`),
    ...wrong(found.unbalanced > 0, `${found.unbalanced} accounts aren't what their ledgers come to`),
    ...wrong(found.seatsTwice > 0, `${found.seatsTwice} seats twice`),
    ...wrong(found.unmatched > 0, `${found.unmatched} reservations and payments without each other`),
    ...wrong(found.payments !== told.paid, `${told.paid} clients were told of ${found.payments} payments`),
    ...wrong(
      found.holds !== told.held + told.preparedHolds - told.paid,
      `${told.held} clients were told of ${found.holds - told.preparedHolds + told.paid} holds`,
    ),
    ...wrong(found.stillClaimed > 0, `${found.stillClaimed} claims of sagas that have ended`),
  ];
}
