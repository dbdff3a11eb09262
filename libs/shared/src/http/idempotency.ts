import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import Type from 'typebox';
import { inBatches } from '../database/batches.ts';
import { inTransaction, query, type Transaction } from '../database/query.ts';
import { problem } from './problems.ts';

const Key = Type.String({
  pattern: '^[!-~]{1,255}$',
  description: 'Made by the client, one for each thing that it wants done: 1–255 visible ASCII characters.',
});

/** Headers of a POST that may be repeated safely with a key. */
export const IdempotencyHeaders = Type.Object({ 'idempotency-key': Type.Optional(Key) });

/** Headers of a POST that isn't done without a key: a request that lacks it gets `idempotency-key-required`. */
export const RequiredIdempotencyHeaders = Type.Object({ 'idempotency-key': Key });

/** SQL text of a migration: every service whose POSTs take a key has this table. */
export const idempotencyTable = `
create table idempotency_key (
  user_id uuid not null,
  key text not null,
  operation text not null,
  request_hash text not null,
  status int,
  -- Not jsonb, which sorts the members: the answer is the first one to the byte.
  body json,
  created_at timestamptz not null default now(),
  -- Without the operation, so that a key that is used again for something else is found out.
  primary key (user_id, key)
)`;

/** SQL text of a migration: finds the keys that {@link pruneKeys} forgets. */
export const idempotencyAgeIndex = 'create index idempotency_key_age on idempotency_key (created_at)';

export type IdempotentRequest = {
  userId: string;
  /** Without one, nothing is remembered. */
  key?: string | undefined;
  /** What is asked for, as a stable name: the same key for another operation is refused. */
  operation: string;
  body: unknown;
};

export type Answer<Body = unknown> = { status: number; body: Body };

/**
 * Runs `effect` once for each user and key, in one transaction with the key: either both are kept or neither. The same
 * request again gets the stored answer; while the first still runs, it waits for it. What `effect` throws undoes both,
 * so a refusal isn't remembered.
 *
 * @throws Problem `idempotency-key-reused` for another body or operation; `unavailable` when the first request takes
 *   longer than the lock timeout
 */
export async function withIdempotency<Body>(
  db: Knex,
  request: IdempotentRequest,
  effect: (tx: Transaction) => Promise<Answer<Body>>,
): Promise<Answer<Body>> {
  const { key } = request;
  if (key === undefined) return await inTransaction(db, effect);

  return await inTransaction(db, async (tx) => {
    const claim = { ...request, key, requestHash: requestHash(request.body) };
    if (!(await claimKey(tx, claim))) return await storedAnswer<Body>(tx, claim);
    const answer = await effect(tx);
    await query(tx, 'update idempotency_key set status = ?, body = ? where user_id = ? and key = ?', [
      answer.status,
      JSON.stringify(answer.body),
      request.userId,
      key,
    ]);
    return answer;
  });
}

/** So many at most in one statement: what a request with such a key may have to wait for stays short. */
const pruneBatch = 5_000;

/**
 * Forgets the keys that are older than `retentionMs`: from then on the same key asks for something new.
 *
 * @returns how many
 */
export async function pruneKeys(db: Knex, retentionMs: number): Promise<number> {
  return inBatches(pruneBatch, async () => {
    const pruned = await query(
      db,
      `delete from idempotency_key where ctid = any(array(
         select ctid from idempotency_key where created_at < now() - ? * interval '1 ms'
         order by created_at limit ?))
       returning 1`,
      [retentionMs, pruneBatch],
    );
    return pruned.length;
  });
}

/** SHA-256, in hex, of a body's JSON with the members of every object sorted: their order has no meaning. */
export function requestHash(body: unknown): string {
  const canonical = JSON.stringify(body, (_, value) => (isRecord(value) ? sorted(value) : value)) ?? '';
  return createHash('sha256').update(canonical).digest('hex');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

type Claim = { userId: string; key: string; operation: string; requestHash: string };

/** Whether this request is the first with its key. The insert waits for a transaction that has inserted the same. */
async function claimKey(tx: Transaction, claim: Claim): Promise<boolean> {
  const insert = `
    insert into idempotency_key (user_id, key, operation, request_hash) values (?, ?, ?, ?)
    on conflict do nothing
    returning key`;
  try {
    const { userId, key, operation, requestHash } = claim;
    return (await query(tx, insert, [userId, key, operation, requestHash])).length > 0;
  } catch (error) {
    throw isLockTimeout(error) ? stillRunning() : error;
  }
}

async function storedAnswer<Body>(tx: Transaction, claim: Claim): Promise<Answer<Body>> {
  const [first] = await query<Claim & Answer<Body>>(
    tx,
    `select operation, request_hash as "requestHash", status, body from idempotency_key
     where user_id = ? and key = ?`,
    [claim.userId, claim.key],
  );
  // Pruned since the insert met it.
  if (!first) throw stillRunning();
  if (first.operation !== claim.operation || first.requestHash !== claim.requestHash) {
    throw problem('idempotency-key-reused', 'The key was used before with another request.');
  }
  return { status: first.status, body: first.body };
}

const isLockTimeout = (error: unknown) => (error as { code?: string }).code === '55P03';

const stillRunning = () =>
  problem('unavailable', 'The first request with this key is still running.', { retryAfter: 1 });
