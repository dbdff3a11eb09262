import { inTransaction, query } from '@holdfast/shared/database/query';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import { released } from './events.ts';

/** So many at most in one transaction: what a command may have to wait for stays short. */
const batchSize = 500;

/**
 * Expires the holds whose time is over by the database's clock and that nobody is paying, and frees their seats.
 *
 * @returns how many
 */
export async function expireHolds(db: Knex): Promise<number> {
  let expired = 0;
  for (;;) {
    const batch = await expireBatch(db);
    expired += batch;
    if (batch < batchSize) return expired;
  }
}

async function expireBatch(db: Knex): Promise<number> {
  return inTransaction(db, async (tx) => {
    // Seats first, like everyone; those that a command or another instance has locked are for the next time.
    const seats = await query<{ concertSeatId: string }>(
      tx,
      `select s.concert_seat_id as "concertSeatId"
       from reservation r join concert_seat s using (concert_seat_id)
       where r.status = 'TEMPORARY_HOLD' and r.hold_expires_at <= now() and r.paying_saga is null
       order by r.hold_expires_at limit ?
       for no key update of s skip locked`,
      [batchSize],
    );
    if (seats.length === 0) return 0;
    // Looks again, in a new snapshot: a payment may have marked the hold before its seat was ours.
    const expired = await query<{ reservationId: string; concertSeatId: string; userId: string }>(
      tx,
      `with expired as (
         update reservation set status = 'EXPIRED'
         where concert_seat_id = any(?::uuid[])
           and status = 'TEMPORARY_HOLD' and hold_expires_at <= now() and paying_saga is null
         returning reservation_id, concert_seat_id, user_id
       ), freed as (
         update concert_seat s set status = 'AVAILABLE', reservation_id = null
         from expired where s.concert_seat_id = expired.concert_seat_id and s.reservation_id = expired.reservation_id
       )
       select reservation_id as "reservationId", concert_seat_id as "concertSeatId", user_id as "userId"
       from expired`,
      [seats.map(({ concertSeatId }) => concertSeatId)],
    );
    await enqueue(
      tx,
      expired.map((reservation) => released(reservation, 'expired')),
    );
    return seats.length;
  });
}
