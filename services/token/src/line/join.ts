import { type Database, query } from '@holdfast/shared/database/query';
import { bitsText, blocksOf } from './bits.ts';

/** A line that a transaction holds: nobody else joins it, leaves it or is admitted from it meanwhile. */
export type HeldLine = {
  /** The last number drawn, and what it was before this transaction. */
  lastNo: number;
  lastNoBefore: number;
  /** How many wait. */
  waiting: number;
};

/** Locks the lines of these concerts, and makes those that nobody has joined yet. */
export async function holdLines(tx: Database, concertIds: readonly string[]): Promise<Map<string, HeldLine>> {
  if (concertIds.length === 0) return new Map();
  const held = await lock(tx, concertIds);
  if (held.size === concertIds.length) return held;
  await query(
    tx,
    `insert into queue (concert_id) select * from unnest(?::uuid[]) as concert_id order by concert_id
     on conflict do nothing`,
    [concertIds],
  );
  return lock(tx, concertIds);
}

async function lock(tx: Database, concertIds: readonly string[]): Promise<Map<string, HeldLine>> {
  const rows = await query<HeldLine & { concertId: string }>(
    tx,
    `select concert_id as "concertId", last_no as "lastNo", last_no as "lastNoBefore",
       last_no - admitted - gone as waiting
     from queue where concert_id = any(?::uuid[]) order by concert_id for no key update`,
    [concertIds],
  );
  return new Map(rows.map(({ concertId, ...line }) => [concertId, line]));
}

/**
 * Draws the next numbers of the lines, which are held, in the order given. Whoever gets one has been seen.
 *
 * @param concertIds null for one that joins no line, which gets no number
 */
export async function drawNumbers(
  tx: Database,
  lines: Map<string, HeldLine>,
  concertIds: readonly (string | null)[],
): Promise<(number | null)[]> {
  const numbers = concertIds.map((concertId) => {
    const line = concertId === null ? undefined : lines.get(concertId);
    if (!line) return null;
    line.lastNo += 1;
    return line.lastNo;
  });
  const drawn = concertIds.flatMap((concertId, i) =>
    concertId === null ? [] : [{ concertId, queueNo: numbers[i] as number }],
  );
  if (drawn.length === 0) return numbers;
  const blocks = blocksOf(drawn);
  const moved = [...new Set(drawn.map(({ concertId }) => concertId))];
  await query(
    tx,
    `with moved as (
       update queue set last_no = new.last_no from unnest(?::uuid[], ?::bigint[]) as new (concert_id, last_no)
       where queue.concert_id = new.concert_id
     )
     insert into queue_block (concert_id, block_no, seen)
     select * from unnest(?::uuid[], ?::int[], ?::bit(1024)[]) as new (concert_id, block_no, seen)
     order by concert_id, block_no
     on conflict (concert_id, block_no) do update set seen = queue_block.seen | excluded.seen`,
    [
      moved,
      moved.map((concertId) => lines.get(concertId)?.lastNo),
      blocks.map(({ concertId }) => concertId),
      blocks.map(({ blockNo }) => blockNo),
      blocks.map(({ bits }) => bitsText(bits)),
    ],
  );
  return numbers;
}
