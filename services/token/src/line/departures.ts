import { type Database, query } from '@holdfast/shared/database/query';
import { bitsText, blocksOf } from './bits.ts';

/** A number in a concert's line. */
export type QueueNumber = { concertId: string; queueNo: number };

/**
 * Locks these lines, in one order. Whoever changes one holds it: first the line, then its blocks, then tokens.
 */
export async function lockLines(tx: Database, concertIds: readonly string[]): Promise<void> {
  await query(
    tx,
    'select from queue where concert_id = any(?::uuid[]) order by concert_id for no key update',
    [concertIds],
  );
}

/** Closes the gaps that tokens leave which are deleted while they wait. Their lines are locked. */
export async function closeGaps(tx: Database, gone: readonly QueueNumber[]): Promise<void> {
  if (gone.length === 0) return;
  const blocks = blocksOf(gone);
  await query(
    tx,
    `insert into queue_block (concert_id, block_no, gone)
     select * from unnest(?::uuid[], ?::int[], ?::bit(1024)[]) as new (concert_id, block_no, gone)
     order by concert_id, block_no
     on conflict (concert_id, block_no) do update set gone = queue_block.gone | excluded.gone`,
    [
      blocks.map(({ concertId }) => concertId),
      blocks.map(({ blockNo }) => blockNo),
      blocks.map(({ bits }) => bitsText(bits)),
    ],
  );
  await query(
    tx,
    `update queue set gone = queue.gone + new.gone
     from (select concert_id, count(*) as gone from unnest(?::uuid[]) as concert_id group by concert_id) new
     where queue.concert_id = new.concert_id`,
    [gone.map(({ concertId }) => concertId)],
  );
}
