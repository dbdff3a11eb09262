import { inTransaction, query } from '@holdfast/shared/database/query';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import { released } from './events.ts';

/** So many seats at most in one transaction: what a command may have to wait for stays short. */
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
    expired += batch.expired;
    // Full, and nothing expired: of each of these holds a seat is locked, and they would be found again.
    if (!batch.isFull || batch.expired === 0) return expired;
  }
}

async function expireBatch(db: Knex): Promise<{ expired: number; isFull: boolean }> {
  return inTransaction(db, async (tx) => {
    // Seats first, like everyone; those that a command or another instance has locked are for the next time.
    const seats = await query<{ reservationId: string; concertSeatId: string }>(
      tx,
      `select r.reservation_id as "reservationId", s.concert_seat_id as "concertSeatId"
       from reservation r join reservation_seat using (reservation_id) join concert_seat s using (concert_seat_id)
       where r.status = 'TEMPORARY_HOLD' and r.hold_expires_at <= now() and r.paying_saga is null
       order by r.hold_expires_at, r.reservation_id limit ?
       for no key update of s skip locked`,
      [batchSize],
    );
    if (seats.length === 0) return { expired: 0, isFull: false };
    // Looks again, in a new snapshot: a payment may have marked the hold before its seats were ours. And a hold goes as
    // one: where only some of its seats are locked, it is for the next time.
    const expired = await query<{ reservationId: string; concertSeatIds: string[]; userId: string }>(
      tx,
      `with expired as (
         update reservation r set status = 'EXPIRED'
         where reservation_id = any(?::uuid[])
           and status = 'TEMPORARY_HOLD' and hold_expires_at <= now() and paying_saga is null
           and not exists (select from reservation_seat s
                           where s.reservation_id = r.reservation_id and s.concert_seat_id <> all(?::uuid[]))
         returning reservation_id, user_id
       ), freed as (
         update concert_seat s set status = 'AVAILABLE', reservation_id = null
         from expired where s.concert_seat_id = any(?::uuid[]) and s.reservation_id = expired.reservation_id
         returning s.concert_seat_id, expired.reservation_id
       )
       select reservation_id as "reservationId", user_id as "userId",
         array_agg(concert_seat_id order by concert_seat_id) as "concertSeatIds"
       from expired join freed using (reservation_id) group by reservation_id, user_id`,
      [
        [...new Set(seats.map(({ reservationId }) => reservationId))],
        seats.map(({ concertSeatId }) => concertSeatId),
        seats.map(({ concertSeatId }) => concertSeatId),
      ],
    );
    await enqueue(
      tx,
      expired.map((reservation) => released(reservation, 'EXPIRED')),
    );
    return { expired: expired.length, isFull: seats.length === batchSize };
  });
}
