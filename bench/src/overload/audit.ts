import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** How the promises stand, once everything is quiet. */
export type Audit = {
  sagas: number;
  completed: number;
  /** Ended otherwise, or not at all. */
  notCompleted: number;
  resentSteps: number;
  charged: number;
  onBalances: number;
  paid: number;
  locks: number;
  seatsSoldTwice: number;
};

/** Waits until every saga has ended and all of it is published, for 30 s at most. @returns after how many ms */
export async function untilQuiet(postgres: pg.Pool): Promise<number> {
  const startedAt = Date.now();
  while (Date.now() - startedAt < 30_000) {
    const { rows } = await postgres.query(
      'select count(*)::int as left from orchestrator.saga where not settled',
    );
    if (rows[0].left === 0) break;
    await sleep(250);
  }
  return Date.now() - startedAt;
}

export async function audit(postgres: pg.Pool): Promise<Audit> {
  const { rows } = await postgres.query(
    `select (select count(*) from orchestrator.saga)::int as sagas,
            (select count(*) from orchestrator.saga where status = 'COMPLETED')::int as completed,
            (select count(*) from orchestrator.saga where status <> 'COMPLETED')::int as "notCompleted",
            (select count(*) from orchestrator.saga, jsonb_array_elements(steps) as step
             where (step ->> 'attempts')::int > 1)::int as "resentSteps",
            (select coalesce(sum(amount), 0) from balance.ledger where kind = 'charge')::float as charged,
            (select coalesce(sum(balance), 0) from balance.account)::float as "onBalances",
            (select coalesce(sum(amount), 0) from payment.payment where status = 'COMPLETED')::float as paid,
            (select count(*) from orchestrator.lock)::int as locks,
            (select count(*) from (select concert_seat_id from reservation.reservation_seat
             where live group by 1 having count(*) > 1) as twice)::int as "seatsSoldTwice"`,
  );
  return rows[0];
}
