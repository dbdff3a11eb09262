import { query, runAll, type Transaction } from '@holdfast/shared/database/query';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import { deleted } from './events.ts';
import { closeGaps, lockLines } from './line/departures.ts';
import type { Standing } from './place.ts';
import { deleteTokens, tokenColumns } from './rows.ts';

/** Who gives a token back. */
export type Leaving = { tokenHash: string; userId: string; traceparent: string };

/**
 * Deletes users' own tokens, all in one go, unless a saga is using them.
 *
 * @returns for each why not, if so
 */
export async function leave(
  tx: Transaction,
  leavings: readonly Leaving[],
): Promise<('token-not-found' | 'token-in-use' | undefined)[]> {
  const hashes = leavings.map(({ tokenHash }) => tokenHash);
  const lines = await query<{ concertId: string }>(
    tx,
    `select distinct concert_id as "concertId" from token where token_hash = any(?::text[]) and status = 'WAITING'`,
    [hashes],
  );
  if (lines.length > 0)
    await lockLines(
      tx,
      lines.map(({ concertId }) => concertId),
    );
  const tokens = await query<Standing>(
    tx,
    `select ${tokenColumns}, queue_no as "queueNo" from token
     where token_hash = any(?::text[]) and (status = 'WAITING' or expires_at > now() or claimed_by is not null)
     order by token_hash for update`,
    [hashes],
  );
  const byHash = new Map(tokens.map((token) => [token.tokenHash, token]));
  const gone = new Map<Standing, string>();
  const objections = leavings.map(({ tokenHash, userId, traceparent }) => {
    const token = byHash.get(tokenHash);
    if (token?.userId !== userId) return 'token-not-found';
    if (token.claimedBy !== null) return 'token-in-use';
    gone.set(token, traceparent);
    return undefined;
  });

  const left = [...gone.keys()];
  await runAll(tx, deleteTokens(left));
  await closeGaps(
    tx,
    left.flatMap(({ concertId, queueNo, status }) =>
      status === 'WAITING' && concertId !== null && queueNo !== null ? [{ concertId, queueNo }] : [],
    ),
  );
  await enqueue(
    tx,
    left.map((token) => deleted(token, 'left')),
    [...gone.values()],
  );
  return objections;
}
