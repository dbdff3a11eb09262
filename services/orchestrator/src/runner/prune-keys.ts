import { inBatches } from '@holdfast/shared/database/batches';
import { query } from '@holdfast/shared/database/query';
import type { Knex } from 'knex';
import { oldestIdAt } from './floor.ts';

/** So many at most in one statement: what a request with such a key may have to wait for stays short. */
const batchSize = 5_000;

/**
 * Forgets the idempotency keys of sagas that began more than `retentionMs` ago: from then on the same key asks for
 * something new. One whose saga hasn't ended, since it is parked, is remembered as long as that lasts.
 *
 * @returns how many
 */
export async function pruneKeys(db: Knex, retentionMs: number): Promise<number> {
  return inBatches(batchSize, async () => {
    const pruned = await query(
      db,
      `delete from idempotency_key where ctid = any(array(
         select key.ctid from idempotency_key key
         where saga_id < ?::uuid
           and not exists (select from saga where saga.saga_id = key.saga_id and not settled)
         order by saga_id limit ?))
       returning 1`,
      [oldestIdAt(Date.now() - retentionMs), batchSize],
    );
    return pruned.length;
  });
}
