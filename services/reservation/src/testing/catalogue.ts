import { randomUUID } from 'node:crypto';
import { migrate } from '@holdfast/shared/database/migrate';
import { inTransaction, query } from '@holdfast/shared/database/query';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import type { Knex } from 'knex';
import { migrations } from '../schema.ts';

export type Catalogue = {
  db: Knex;
  concertId: string;
  performanceId: string;
  /** By section, row and number. */
  seatIds: string[];
  drop: () => Promise<void>;
};

/** A database of its own with one concert, one performance and so many seats. */
export async function createCatalogue(seats: number): Promise<Catalogue> {
  const { db, drop } = await createTestDatabase();
  await migrate(db, migrations);
  const concertId = randomUUID();
  const performanceId = randomUUID();
  await query(db, `insert into concert values (?, 'A concert', 'A hall')`, [concertId]);
  await query(db, `insert into performance values (?, ?, '2030-01-01T19:00:00Z')`, [
    performanceId,
    concertId,
  ]);
  await query(
    db,
    `insert into concert_seat (concert_seat_id, performance_id, section, row, number, price_amount, currency)
     select gen_random_uuid(), ?, 'A', (i - 1) / 10 + 1, (i - 1) % 10 + 1, 1000, 'KRW'
     from generate_series(1, ?) as i`,
    [performanceId, seats],
  );
  const rows = await query<{ id: string }>(
    db,
    'select concert_seat_id as id from concert_seat order by section, row, number',
  );
  return { db, concertId, performanceId, seatIds: rows.map(({ id }) => id), drop };
}

/** Holds a seat, or several, as `hold` does, and returns the reservation's id. */
export async function insertHold(
  db: Knex,
  seats: string | readonly string[],
  hold: { expiresInMs: number; userId?: string; payingSaga?: string },
): Promise<string> {
  const reservationId = randomUUID();
  const seatIds = [seats].flat();
  await inTransaction(db, async (tx) => {
    await query(
      tx,
      `insert into reservation (reservation_id, performance_id, user_id, status, price_amount, currency,
         hold_expires_at, paying_saga)
       select ?, performance_id, ?, 'TEMPORARY_HOLD', ? * 1000, 'KRW', now() + ? * interval '1 millisecond', ?::uuid
       from concert_seat where concert_seat_id = ?`,
      [
        reservationId,
        hold.userId ?? randomUUID(),
        seatIds.length,
        hold.expiresInMs,
        hold.payingSaga ?? null,
        seatIds[0],
      ],
    );
    await query(tx, 'insert into reservation_seat select ?, unnest(?::uuid[]), true', [
      reservationId,
      seatIds,
    ]);
    await query(
      tx,
      `update concert_seat set status = 'HELD', reservation_id = ? where concert_seat_id = any(?::uuid[])`,
      [reservationId, seatIds],
    );
  });
  return reservationId;
}

/** The status of a seat and of its reservation, if it has one. */
export async function statusOf(
  db: Knex,
  concertSeatId: string,
): Promise<{ seat: string; reservation: string | null } | undefined> {
  const [row] = await query<{ seat: string; reservation: string | null }>(
    db,
    `select s.status as seat, r.status as reservation
     from concert_seat s left join reservation r using (reservation_id) where s.concert_seat_id = ?`,
    [concertSeatId],
  );
  return row;
}
