import { type Database, query } from '@holdfast/shared/database/query';
import type { Knex } from 'knex';
import { bitsText, blocksOf } from './bits.ts';
import type { QueueNumber } from './departures.ts';

/** Who has asked since the last flush: a bit in memory for each, and a row of Postgres for 1,024 of them. */
export type Presence = {
  note: (place: QueueNumber) => void;
  flush: () => Promise<void>;
};

const blocksAtOnce = 200;

export function presenceIn(db: Knex): Presence {
  let noted = new Map<string, Set<number>>();

  function note({ concertId, queueNo }: QueueNumber): void {
    const numbers = noted.get(concertId);
    if (numbers) numbers.add(queueNo);
    else noted.set(concertId, new Set([queueNo]));
  }

  return {
    note,
    flush: async () => {
      const flushed = noted;
      noted = new Map();
      const places = [...flushed].flatMap(([concertId, numbers]) =>
        Array.from(numbers, (queueNo) => ({ concertId, queueNo })),
      );
      try {
        await markSeen(db, places);
      } catch (error) {
        for (const place of places) note(place);
        throw error;
      }
    },
  };
}

/** Marks who has asked, in as few rows as there are blocks. */
async function markSeen(db: Database, places: readonly QueueNumber[]): Promise<void> {
  const blocks = blocksOf(places);
  for (let from = 0; from < blocks.length; from += blocksAtOnce) {
    const some = blocks.slice(from, from + blocksAtOnce);
    await query(
      db,
      `with new as (
         select * from unnest(?::uuid[], ?::int[], ?::bit(1024)[]) as new (concert_id, block_no, seen)
       ), locked as (
         select concert_id, block_no, new.seen from queue_block join new using (concert_id, block_no)
         order by concert_id, block_no for no key update of queue_block
       )
       update queue_block set seen = queue_block.seen | locked.seen from locked
       where queue_block.concert_id = locked.concert_id and queue_block.block_no = locked.block_no`,
      [
        some.map(({ concertId }) => concertId),
        some.map(({ blockNo }) => blockNo),
        some.map(({ bits }) => bitsText(bits)),
      ],
    );
  }
}
