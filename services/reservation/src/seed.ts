import { inTransaction, query, type Transaction } from '@holdfast/shared/database/query';
import type { Knex } from 'knex';
import { v5 as uuidv5 } from 'uuid';

/** The demo catalogue. Its ids come from names, so that they are the same wherever it is. */

const namespace = '7d9b1f62-7c0e-4b8a-9f0e-1a2b3c4d5e6f';
const id = (...path: readonly (string | number)[]): string => uuidv5(path.join('/'), namespace);

type Section = { section: string; rows: number; seatsPerRow: number; price: number };

/** The won has no minor unit: amounts are won. */
const currency = 'KRW';
const hall: Section[] = [
  { section: 'A', rows: 10, seatsPerRow: 20, price: 165_000 },
  { section: 'B', rows: 15, seatsPerRow: 20, price: 143_000 },
  { section: 'C', rows: 15, seatsPerRow: 20, price: 132_000 },
  { section: 'D', rows: 20, seatsPerRow: 20, price: 110_000 },
  { section: 'E', rows: 20, seatsPerRow: 20, price: 99_000 },
  { section: 'F', rows: 20, seatsPerRow: 20, price: 77_000 },
];
/** 50,000 seats. */
const stadium: Section[] = [220_000, 187_000, 154_000, 121_000, 88_000].flatMap((price, tier) =>
  Array.from({ length: 10 }, (_, i) => ({
    section: String(101 + 100 * tier + i),
    rows: 25,
    seatsPerRow: 40,
    price,
  })),
);

const concerts = [
  { title: 'Aurora Orchestra', venue: 'Seoul Arts Center', inDays: [30, 31, 32], sections: hall },
  { title: 'Midnight Parade', venue: 'KSPO Dome', inDays: [45, 46], sections: hall },
  { title: 'The Holdfasts', venue: 'Gocheok Sky Dome', inDays: [60, 61, 62], sections: hall },
  { title: 'The Whole City Sings', venue: 'Seoul World Cup Stadium', inDays: [75], sections: stadium },
];

/** Fills a catalogue that is empty; does nothing to any other. Of instances that start at the same time one does it. */
export async function seed(db: Knex): Promise<void> {
  await inTransaction(db, async (tx) => {
    // On a busy machine it takes long, and so does the wait for another instance's.
    await query(tx, 'set local lock_timeout = 0; set local statement_timeout = 0');
    await query(tx, "select pg_advisory_xact_lock(hashtextextended('seed ' || current_schema(), 0))");
    const known = await query(tx, 'select from concert limit 1');
    if (known.length > 0) return;
    await insertConcerts(tx);
    await insertPerformances(tx);
    await insertSeats(tx);
  });
}

async function insertConcerts(tx: Transaction): Promise<void> {
  await query(
    tx,
    `insert into concert (concert_id, title, venue) select * from unnest(?::uuid[], ?::text[], ?::text[])`,
    [
      concerts.map(({ title }) => id(title)),
      concerts.map(({ title }) => title),
      concerts.map(({ venue }) => venue),
    ],
  );
}

const performances = concerts.flatMap(({ title, inDays, sections }) =>
  inDays.map((days) => ({ concertId: id(title), performanceId: id(title, days), days, sections })),
);

async function insertPerformances(tx: Transaction): Promise<void> {
  await query(
    tx,
    `insert into performance (performance_id, concert_id, starts_at)
     select performance_id, concert_id, (current_date + days + time '19:30') at time zone 'Asia/Seoul'
     from unnest(?::uuid[], ?::uuid[], ?::int[]) as new (performance_id, concert_id, days)`,
    [
      performances.map(({ performanceId }) => performanceId),
      performances.map(({ concertId }) => concertId),
      performances.map(({ days }) => days),
    ],
  );
}

/**
 * A seat's id is its performance's, of version 8 and with the seat's place in the last group (RFC 9562): such ids compress
 * to next to nothing, and a seat map is mostly ids.
 */
async function insertSeats(tx: Transaction): Promise<void> {
  const sections = performances.flatMap(({ performanceId, sections }) =>
    sections.map((section) => ({ performanceId, ...section })),
  );
  await query(
    tx,
    `insert into concert_seat (concert_seat_id, performance_id, section, row, number, price_amount, currency)
     select (overlay(left(performance_id::text, 24) placing '8' from 15) || lpad(to_hex(place), 12, '0'))::uuid,
       performance_id, section, row, number, price, ?
     from (
       select *, row_number() over (partition by performance_id order by section collate "C", row, number) as place
       from unnest(?::uuid[], ?::text[], ?::int[], ?::int[], ?::bigint[])
           as section (performance_id, section, rows, seats_per_row, price),
         generate_series(1, rows) as row, generate_series(1, seats_per_row) as number
     ) seat`,
    [
      currency,
      sections.map(({ performanceId }) => performanceId),
      sections.map(({ section }) => section),
      sections.map(({ rows }) => rows),
      sections.map(({ seatsPerRow }) => seatsPerRow),
      sections.map(({ price }) => price),
    ],
  );
}
