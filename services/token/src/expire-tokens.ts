import { inBatches } from '@holdfast/shared/database/batches';
import { inTransaction, query } from '@holdfast/shared/database/query';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import { deleted } from './events.ts';
import { tokenColumns } from './rows.ts';
import type { Token } from './state.ts';

const batchSize = 500;

/** Deletes the active tokens whose time is over by the database's clock, except those that a saga is using. */
export async function expireTokens(db: Knex): Promise<void> {
  await inBatches(batchSize, () =>
    inTransaction(db, async (tx) => {
      const tokens = await query<Token>(
        tx,
        `delete from token where token_id = any(array(
           select token_id from token where expires_at <= now() and claimed_by is null
           order by expires_at limit ? for update skip locked))
         returning ${tokenColumns}`,
        [batchSize],
      );
      await enqueue(
        tx,
        tokens.map((token) => deleted(token, 'expired')),
      );
      return tokens.length;
    }),
  );
}
