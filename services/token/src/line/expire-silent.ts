import { inTransaction, query } from '@holdfast/shared/database/query';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import { deleted } from '../events.ts';
import { tokenColumns } from '../rows.ts';
import type { Token } from '../state.ts';
import { closeGaps, lockLines } from './departures.ts';

/** How often what is seen is written down; a block's period is longer by that, lest somebody is missed in between. */
export const flushEveryMs = 5_000;

/**
 * Takes those out of their lines who have not asked for `waitingTtlMs`. A block is looked at once in each such period:
 * whoever hasn't asked since the last look is gone. So one lasts for that period at least, and for two at most.
 */
export async function expireSilent(db: Knex, waitingTtlMs: number): Promise<void> {
  await deletePassedBlocks(db);
  const periodMs = waitingTtlMs + 2 * flushEveryMs;
  const blocks = await query<{ concertId: string; blockNo: number }>(
    db,
    `select concert_id as "concertId", block_no as "blockNo" from queue_block
     where seen_since <= now() - ? * interval '1 millisecond'
     order by concert_id, block_no`,
    [periodMs],
  );
  // One at a time: its line is locked meanwhile, and others want to join.
  for (const block of blocks) await expireBlock(db, block, periodMs);
}

async function expireBlock(
  db: Knex,
  { concertId, blockNo }: { concertId: string; blockNo: number },
  periodMs: number,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockLines(tx, [concertId]);
    const silent = await query<Token & { queueNo: number }>(
      tx,
      `with block as (
         select * from queue_block
         where concert_id = ? and block_no = ? and seen_since <= now() - ? * interval '1 millisecond'
         for no key update
       )
       delete from token using block
       where token.concert_id = block.concert_id and status = 'WAITING'
         and queue_no between block_no * 1024::bigint + 1 and (block_no + 1) * 1024::bigint
         and get_bit(seen, ((queue_no - 1) % 1024)::int) = 0
       returning ${tokenColumns}, queue_no as "queueNo"`,
      [concertId, blockNo, periodMs],
    );
    await query(
      tx,
      `update queue_block set seen = repeat('0', 1024)::bit(1024), seen_since = now()
       where concert_id = ? and block_no = ? and seen_since <= now() - ? * interval '1 millisecond'`,
      [concertId, blockNo, periodMs],
    );
    await closeGaps(
      tx,
      silent.map(({ queueNo }) => ({ concertId, queueNo })),
    );
    await enqueue(
      tx,
      silent.map((token) => deleted(token, 'expired')),
    );
  });
}

/** Blocks that the head has left behind say nothing any more. */
async function deletePassedBlocks(db: Knex): Promise<void> {
  await query(
    db,
    `with passed as (
       select concert_id, block_no from queue_block join queue using (concert_id)
       where block_no < head_no / 1024 order by concert_id, block_no for update of queue_block
     )
     delete from queue_block using passed
     where queue_block.concert_id = passed.concert_id and queue_block.block_no = passed.block_no`,
  );
}
