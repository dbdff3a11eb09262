import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const chunk = 100_000;
/** They are of the last hours: nothing prunes them yet. */
const ageMs = 20 * 3_600_000;

/**
 * Writes payments that ended long ago, with all that they leave in the tables: sagas, inboxes, keys, ledgers, seats, reservations
 * and payments. Half a dozen rows of Postgres for each saga that was ever run are there before the first is measured.
 *
 * @param report told how many there are
 */
export async function storePast(
  postgres: pg.Pool,
  count: number,
  report: (done: number) => void,
): Promise<void> {
  const [concertId, performanceId] = [randomUUID(), randomUUID()];
  await postgres.query(
    `insert into reservation.concert (concert_id, title, venue) values ('${concertId}', 'past', 'past');
     insert into reservation.performance (performance_id, concert_id, starts_at)
     values ('${performanceId}', '${concertId}', now() + interval '1 day')`,
  );
  const began = Date.now() - ageMs;
  const services = ofServices(performanceId);
  const asItWas = await hurry(postgres);
  for (let from = 0; from < count; from += chunk) {
    const to = Math.min(from + chunk, count);
    const store = async (statements: readonly string[]): Promise<void> => {
      for (const sql of statements) await postgres.query(past(from, to, began, count) + sql);
    };
    // About as much for the one core as for the other.
    await Promise.all([store(ofSagas), store(services)]);
    report(to);
  }
  await asItWas();
  await postgres.query('vacuum (analyze)');
  await postgres.query('checkpoint');
  // The disk goes on for a while with what it was told to write and to give back.
  await sleep(Math.min(count / 20, 60_000));
}

/**
 * Makes Postgres write each page once, not again after each of many checkpoints, and sagas without the room for changes, since
 * they have ended: ten million would be more than a usual disk.
 *
 * @returns sets all as it was
 */
async function hurry(postgres: pg.Pool): Promise<() => Promise<void>> {
  const { rows } = await postgres.query(
    `select option_value as fillfactor from pg_class, pg_options_to_table(reloptions)
     where oid = 'orchestrator.saga'::regclass and option_name = 'fillfactor'`,
  );
  await postgres.query('alter table orchestrator.saga set (fillfactor = 100)');
  await postgres.query(`alter system set max_wal_size = '8GB'`);
  await postgres.query('alter system set full_page_writes = off');
  await postgres.query('select pg_reload_conf()');
  return async () => {
    await postgres.query(`alter table orchestrator.saga set (fillfactor = ${rows[0].fillfactor})`);
    await postgres.query('alter system reset all');
    await postgres.query('select pg_reload_conf()');
  };
}

/** The ids of each payment: the sagas' are of version 7, as real ones are, so that the same pages are written one after the other. */
const past = (from: number, to: number, began: number, count: number): string => `
  with past as (
    select i, md5('user ' || i)::uuid as user_id, md5('seat ' || i)::uuid as seat_id, md5('payment ' || i)::uuid as payment_id,
      (time || '70008000' || lpad(to_hex(i), 12, '0'))::uuid as reservation_id,
      (time || '70009000' || lpad(to_hex(i), 12, '0'))::uuid as saga_id
    from (select i, lpad(to_hex(${began} + (i * ${ageMs / 2}::float8 / ${count})::bigint), 12, '0') as time
          from generate_series(${from}, ${to - 1}) i) numbered
  )`;

const step = `jsonb_build_object('status', 'DONE', 'attempts', 1, 'startedAt', '2026-01-01T00:00:00.000Z',
  'endedAt', '2026-01-01T00:00:00.010Z')`;
const done = `'{"reply": {"outcome": "done", "result": {"price": {"amount": 99000, "currency": "KRW"}}}, "events": []}'::jsonb`;

const saga = (id: string, type: string, steps: number, context: string): string => `
  insert into orchestrator.saga (saga_id, saga_no, type, definition_version, user_id, lock_keys, instance, faults, status,
                                 context, steps, deadline_at, started_at, ended_at, settled)
  select ${id}, nextval('orchestrator.saga_no'), '${type}', 1, user_id, array['seat:' || seat_id], 'past', '{}', 'COMPLETED',
    jsonb_build_object('userId', user_id, 'concertSeatIds', array[seat_id], 'reservationId', reservation_id,
                       'tokenHash', md5(i::text) || md5(i::text), 'price', jsonb_build_object('amount', 99000, 'currency', 'KRW'),
                       ${context}),
    jsonb_build_array(${Array(steps).fill(step).join()}), now(), now(), now(), true
  from past`;

const key = (id: string): string => `
  insert into orchestrator.idempotency_key (user_id, key, request_hash, saga_id)
  select user_id, ${id}::text, md5(i::text) || md5(i::text), ${id} from past`;

const inbox = (service: string, names: readonly string[]): string => `
  insert into ${service}.inbox (id, saga_no, stored)
  select saga_id || '/' || name || '/do', 1 + i, ${done} from past, unnest(array['${names.join("','")}']) as name`;

const ofSagas: readonly string[] = [
  saga('reservation_id', 'reserve', 4, `'holdExpiresAt', '2026-01-01T00:00:00.000Z'`),
  saga('saga_id', 'pay', 6, `'paymentId', payment_id`),
  key('reservation_id'),
  key('saga_id'),
];

const ofServices = (performanceId: string): readonly string[] => [
  inbox('token', ['verify-token', 'delete-token']),
  inbox('reservation', ['load-reservation', 'confirm-reservation']),
  inbox('balance', ['deduct-balance']),
  inbox('payment', ['create-payment']),
  `insert into balance.account (user_id, currency, balance, entries) select user_id, 'KRW', 0, 2 from past`,
  `insert into balance.ledger (entry_id, user_id, kind, amount, balance_after, entry_no, debit_account, credit_account,
                               currency, charge_key, command_id)
   select md5('entry ' || i || kind)::uuid, user_id, kind, 99000, balance_after, entry_no, debit, credit, 'KRW',
     case kind when 'charge' then 'past' end, case kind when 'deduct' then saga_id || '/deduct-balance/do' end
   from past, (values ('charge', 99000, 1, 'funding', 'user'), ('deduct', 0, 2, 'user', 'sales'))
     as line (kind, balance_after, entry_no, debit, credit)`,
  `insert into reservation.concert_seat
     (concert_seat_id, performance_id, section, row, number, price_amount, currency, status, reservation_id, fence)
   select seat_id, '${performanceId}', 'past', i / 100, i % 100, 99000, 'KRW', 'SOLD', reservation_id, 1 from past`,
  `insert into reservation.reservation
     (reservation_id, user_id, status, price_amount, currency, hold_expires_at, performance_id, paying_saga)
   select reservation_id, user_id, 'PAID', 99000, 'KRW', now(), '${performanceId}', saga_id from past`,
  `insert into reservation.reservation_seat (reservation_id, concert_seat_id, live)
   select reservation_id, seat_id, true from past`,
  `insert into payment.payment (payment_id, reservation_id, user_id, amount, currency, status, saga_id)
   select payment_id, reservation_id, user_id, 99000, 'KRW', 'COMPLETED', saga_id from past`,
];
