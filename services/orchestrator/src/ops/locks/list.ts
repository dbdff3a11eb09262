import { type Database, query } from '@holdfast/shared/database/query';
import type { Redis } from 'ioredis';
import type { Static } from 'typebox';
import type { HeldLock } from './shapes.ts';

type Held = Static<typeof HeldLock>;
type Row = {
  lock_key: string;
  saga_id: string;
  redis_value: string;
  acquired_at: Date;
  type: string | null;
  status: NonNullable<Held['sagaStatus']> | null;
};

/** Locks with keys after `after`, and what Redis says of them. */
export async function listLocks(
  { db, lockNodes, prefix }: { db: Database; lockNodes: readonly Redis[]; prefix: string },
  { after, limit }: { after: string; limit: number },
): Promise<Held[]> {
  const rows = await query<Row>(
    db,
    `select lock_key, saga_id, redis_value, acquired_at, type, status
     from lock left join saga using (saga_id)
     where lock_key > ? order by lock_key limit ?`,
    [after, limit],
  );
  const keys = rows.map(({ lock_key }) => prefix + lock_key);
  const leases = await Promise.all(lockNodes.map((node) => leasesOf(node, keys)));
  return rows.map((row, i) => ({
    lockKey: row.lock_key,
    sagaId: row.saga_id,
    ...(row.type !== null && { sagaType: row.type }),
    ...(row.status !== null && { sagaStatus: row.status }),
    since: row.acquired_at.toISOString(),
    redis: verdict(
      row.redis_value,
      leases.map((ofNode) => ofNode?.[i]),
    ),
  }));
}

type Lease = { value: string | null; expiresInMs: number };

/** What a server says of each key; undefined where it doesn't answer. */
async function leasesOf(redis: Redis, keys: string[]): Promise<Lease[] | undefined> {
  if (keys.length === 0) return [];
  try {
    const [values, expiries] = await Promise.all([
      redis.mget(keys),
      Promise.all(keys.map((key) => redis.pttl(key))),
    ]);
    return keys.map((_, i) => ({ value: values[i] ?? null, expiresInMs: expiries[i] ?? 0 }));
  } catch {
    return undefined;
  }
}

/** As a majority of the servers has it. */
function verdict(ours: string, leases: readonly (Lease | undefined)[]): Held['redis'] {
  const majority = Math.floor(leases.length / 2) + 1;
  const answers = leases.filter((lease) => lease !== undefined);
  if (answers.length < majority) return { state: 'unknown' };
  const held = answers.filter(({ value }) => value === ours);
  const others = answers.filter(({ value }) => value !== null && value !== ours);
  if (held.length >= majority) return { state: 'held', ...expiry(held, majority) };
  if (others.length > 0) return { state: 'other', ...expiry(others, 1) };
  return { state: 'missing' };
}

/** It ends when fewer than so many are left. */
function expiry(leases: readonly Lease[], needed: number): { expiresInMs?: number } {
  const longestFirst = leases.map(({ expiresInMs }) => expiresInMs).sort((a, b) => b - a);
  const expiresInMs = longestFirst[needed - 1] ?? -1;
  return expiresInMs >= 0 ? { expiresInMs } : {};
}
