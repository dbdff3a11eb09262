import { inTransaction, query } from '@holdfast/shared/database/query';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import { deleted } from './events.ts';
import { deleteTokens, tokenColumns } from './rows.ts';
import type { Token } from './state.ts';

/**
 * Deletes a user's own token, unless a saga is using it.
 *
 * @returns why not, if so
 */
export async function leave(
  db: Knex,
  { tokenHash, userId }: { tokenHash: string; userId: string },
  traceparent: string,
): Promise<'token-not-found' | 'token-in-use' | undefined> {
  return inTransaction(db, async (tx) => {
    const [token] = await query<Token>(
      tx,
      `select ${tokenColumns} from token
       where token_hash = ? and user_id = ? and (expires_at > now() or claimed_by is not null)
       for update`,
      [tokenHash, userId],
    );
    if (!token) return 'token-not-found';
    if (token.claimedBy !== null) return 'token-in-use';
    await deleteTokens(tx, [token]);
    await enqueue(tx, [deleted(token, 'left')], traceparent);
    return undefined;
  });
}
