import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

/** Someone with money on the balance, a held seat, and a token to pay for it. */
export type Payment = {
  userId: string;
  reservationId: string;
  queueToken: string;
  /** Of the request, however often it is made. */
  key: string;
};

/** Someone with a token who wants a seat. */
export type Hold = { userId: string; concertSeatId: string; queueToken: string; key: string };

export type Preparation = {
  payments: (count: number, users: UserPool) => Promise<Payment[]>;
  /** @returns each seat's buyers, one seat after the other */
  holds: (seats: number, buyersPerSeat: number) => Promise<Hold[]>;
};

/** Who pays: somebody new each time, or a few again and again. */
export type UserPool = { userOf: (i: number) => string };
export const distinctUsers: UserPool = { userOf: () => randomUUID() };
export function fewUsers(count: number): UserPool {
  const users = Array.from({ length: count }, () => randomUUID());
  return { userOf: (i) => users[i % count] as string };
}

const price = 99_000;
const currency = 'KRW';
const chunk = 5_000;

/**
 * Writes what precedes the measured requests straight into the tables, as the services would have: a charge is an entry
 * of the ledger, a hold has its seat, and, where there is an orchestrator, the saga that made it.
 */
export async function prepareIn(postgres: pg.Pool, { sagas }: { sagas: boolean }): Promise<Preparation> {
  const [concertId, performanceId] = [randomUUID(), randomUUID()];
  await postgres.query(
    `with concert as (
       insert into reservation.concert (concert_id, title, venue) values ('${concertId}', 'bench', 'bench')
       returning concert_id
     ), queue as (insert into token.queue (concert_id) select concert_id from concert)
     insert into reservation.performance (performance_id, concert_id, starts_at)
     select '${performanceId}', concert_id, now() + interval '90 days' from concert`,
  );
  let seatNo = 0;

  const insertSeats = async (seatIds: string[], reservationIds: string[] | undefined): Promise<void> => {
    await postgres.query(
      `insert into reservation.concert_seat
         (concert_seat_id, performance_id, section, row, number, price_amount, currency, status, reservation_id)
       select seat_id, $2, 'bench', no / 100, no % 100, $3, $4,
         case when reservation_id is null then 'AVAILABLE' else 'HELD' end, reservation_id
       from unnest($1::uuid[], $5::int[], $6::uuid[]) as new (seat_id, no, reservation_id)`,
      [
        seatIds,
        performanceId,
        price,
        currency,
        seatIds.map(() => seatNo++),
        reservationIds ?? seatIds.map(() => null),
      ],
    );
  };

  const charge = async (userIds: string[]): Promise<void> => {
    await postgres.query(
      `with money as (select user_id, count(*) * $2::bigint as amount from unnest($1::uuid[]) as user_id group by 1),
       account as (
         insert into balance.account (user_id, currency, balance, entries) select user_id, $3, amount, 1 from money
         on conflict (user_id) do update
           set balance = account.balance + excluded.balance, entries = account.entries + 1
         returning user_id, balance, entries
       )
       insert into balance.ledger (entry_id, user_id, kind, amount, balance_after, entry_no, debit_account,
                                   credit_account, currency, charge_key)
       select gen_random_uuid(), user_id, 'charge', amount, balance, entries, 'funding', 'user', $3, 'bench ' || entries
       from account join money using (user_id)`,
      [userIds, price, currency],
    );
  };

  const insertTokens = async (
    tokens: { userId: string; queueToken: string; concertId?: string; reservationId?: string }[],
  ): Promise<void> => {
    await postgres.query(
      `insert into token.token (token_id, token_hash, user_id, concert_id, reservation_id, status, expires_at)
       select gen_random_uuid(), hash, user_id, concert_id, reservation_id, 'ACTIVE', now() + interval '1 day'
       from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[]) as new (hash, user_id, concert_id, reservation_id)`,
      [
        tokens.map(({ queueToken }) => hashOf(queueToken)),
        tokens.map(({ userId }) => userId),
        tokens.map(({ concertId }) => concertId ?? null),
        tokens.map(({ reservationId }) => reservationId ?? null),
      ],
    );
  };

  async function insertPayments(payments: Payment[]): Promise<void> {
    const seatIds = payments.map(() => randomUUID());
    const reservationIds = payments.map(({ reservationId }) => reservationId);
    const userIds = payments.map(({ userId }) => userId);
    await charge(userIds);
    await insertSeats(seatIds, reservationIds);
    await postgres.query(
      `insert into reservation.reservation
         (reservation_id, user_id, status, price_amount, currency, hold_expires_at, performance_id)
       select reservation_id, user_id, 'TEMPORARY_HOLD', $3, $4, now() + interval '1 day', $5
       from unnest($1::uuid[], $2::uuid[]) as new (reservation_id, user_id)`,
      [reservationIds, userIds, price, currency, performanceId],
    );
    await postgres.query(
      `insert into reservation.reservation_seat (reservation_id, concert_seat_id, live)
       select *, true from unnest($1::uuid[], $2::uuid[])`,
      [reservationIds, seatIds],
    );
    await insertTokens(payments);
    if (!sagas) return;
    await postgres.query(
      `insert into orchestrator.saga (saga_id, saga_no, type, definition_version, user_id, lock_keys, instance, faults,
                                      status, context, steps, deadline_at, ended_at, settled)
       select saga_id, nextval('orchestrator.saga_no'), 'reserve', 1, user_id, array['seat:' || seat_id], 'bench', '{}',
         'COMPLETED', jsonb_build_object('userId', user_id, 'concertSeatIds', array[seat_id], 'reservationId', saga_id,
                                         'price', jsonb_build_object('amount', $4::int, 'currency', $5::text)),
         '[]', now(), now(), true
       from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as new (saga_id, user_id, seat_id)`,
      [reservationIds, userIds, seatIds, price, currency],
    );
  }

  return {
    payments: async (count, { userOf }) => {
      const payments = Array.from({ length: count }, (_, i) => ({
        userId: userOf(i),
        // A saga's id as well, and those tell how old it is.
        reservationId: uuidv7(),
        queueToken: newToken(),
        key: randomUUID(),
      }));
      for (let from = 0; from < count; from += chunk)
        await insertPayments(payments.slice(from, from + chunk));
      await settle(postgres);
      return payments;
    },
    holds: async (seats, buyersPerSeat) => {
      const seatIds = Array.from({ length: seats }, () => randomUUID());
      await insertSeats(seatIds, undefined);
      const holds = seatIds.flatMap((concertSeatId) =>
        Array.from({ length: buyersPerSeat }, () => ({
          userId: randomUUID(),
          concertSeatId,
          queueToken: newToken(),
          key: randomUUID(),
        })),
      );
      for (let from = 0; from < holds.length; from += chunk) {
        const some = holds.slice(from, from + chunk);
        await charge(some.map(({ userId }) => userId));
        await insertTokens(some.map((hold) => ({ ...hold, concertId })));
      }
      await settle(postgres);
      return holds;
    },
  };
}

const newToken = (): string => randomBytes(32).toString('base64url');
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** What so many new rows ask of Postgres is done before the measured time, not in it. */
async function settle(postgres: pg.Pool): Promise<void> {
  await postgres.query('vacuum (analyze)');
  await postgres.query('checkpoint');
}
