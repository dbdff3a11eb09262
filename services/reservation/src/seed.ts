import { inTransaction, query } from '@holdfast/shared/database/query';
import type { Knex } from 'knex';
import { v5 as uuidv5 } from 'uuid';

/** The demo catalogue. Its ids come from names, so that every instance and every start agrees on them. */

const namespace = '7d9b1f62-7c0e-4b8a-9f0e-1a2b3c4d5e6f';
const id = (...path: readonly (string | number)[]): string => uuidv5(path.join('/'), namespace);

const concerts = [
  { title: 'Aurora Orchestra', venue: 'Seoul Arts Center', inDays: [30, 31, 32] },
  { title: 'Midnight Parade', venue: 'KSPO Dome', inDays: [45, 46] },
  { title: 'The Holdfasts', venue: 'Gocheok Sky Dome', inDays: [60, 61, 62] },
];

/** The won has no minor unit: amounts are won. */
const currency = 'KRW';
const sections = [
  { section: 'A', rows: 10, price: 165_000 },
  { section: 'B', rows: 15, price: 143_000 },
  { section: 'C', rows: 15, price: 132_000 },
  { section: 'D', rows: 20, price: 110_000 },
  { section: 'E', rows: 20, price: 99_000 },
  { section: 'F', rows: 20, price: 77_000 },
];
const seatsPerRow = 20;

/** Fills a catalogue that is empty; does nothing to any other. */
export async function seed(db: Knex): Promise<void> {
  await inTransaction(db, async (tx) => {
    const known = await query(tx, 'select from concert limit 1');
    if (known.length > 0) return;
    await insertConcerts(tx);
    await insertPerformances(tx);
    await insertSeats(tx);
  });
}

async function insertConcerts(tx: Knex.Transaction): Promise<void> {
  await query(
    tx,
    `insert into concert (concert_id, title, venue) select * from unnest(?::uuid[], ?::text[], ?::text[])
     on conflict do nothing`,
    [
      concerts.map(({ title }) => id(title)),
      concerts.map(({ title }) => title),
      concerts.map(({ venue }) => venue),
    ],
  );
}

const performances = concerts.flatMap(({ title, inDays }) =>
  inDays.map((days) => ({ concertId: id(title), performanceId: id(title, days), days })),
);

async function insertPerformances(tx: Knex.Transaction): Promise<void> {
  await query(
    tx,
    `insert into performance (performance_id, concert_id, starts_at)
     select performance_id, concert_id, (current_date + days + time '19:30') at time zone 'Asia/Seoul'
     from unnest(?::uuid[], ?::uuid[], ?::int[]) as new (performance_id, concert_id, days)
     on conflict do nothing`,
    [
      performances.map(({ performanceId }) => performanceId),
      performances.map(({ concertId }) => concertId),
      performances.map(({ days }) => days),
    ],
  );
}

async function insertSeats(tx: Knex.Transaction): Promise<void> {
  const seats = performances.flatMap(({ performanceId }) =>
    sections.flatMap(({ section, rows, price }) =>
      Array.from({ length: rows * seatsPerRow }, (_, i) => {
        const row = Math.floor(i / seatsPerRow) + 1;
        const number = (i % seatsPerRow) + 1;
        const concertSeatId = id(performanceId, section, row, number);
        return { concertSeatId, performanceId, section, row, number, price };
      }),
    ),
  );
  await query(
    tx,
    `insert into concert_seat (concert_seat_id, performance_id, section, row, number, price_amount, currency)
     select *, ?::text from unnest(?::uuid[], ?::uuid[], ?::text[], ?::int[], ?::int[], ?::bigint[])
     on conflict do nothing`,
    [
      currency,
      seats.map(({ concertSeatId }) => concertSeatId),
      seats.map(({ performanceId }) => performanceId),
      seats.map(({ section }) => section),
      seats.map(({ row }) => row),
      seats.map(({ number }) => number),
      seats.map(({ price }) => price),
    ],
  );
}
