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
  { db, redis, prefix }: { db: Database; redis: Redis; prefix: string },
  { after, limit }: { after: string; limit: number },
): Promise<Held[]> {
  const rows = await query<Row>(
    db,
    `select lock_key, saga_id, redis_value, acquired_at, type, status
     from lock left join saga using (saga_id)
     where lock_key > ? order by lock_key limit ?`,
    [after, limit],
  );
  const leases = await leasesOf(
    redis,
    rows.map(({ lock_key }) => prefix + lock_key),
  );
  return rows.map((row, i) => ({
    lockKey: row.lock_key,
    sagaId: row.saga_id,
    ...(row.type !== null && { sagaType: row.type }),
    ...(row.status !== null && { sagaStatus: row.status }),
    since: row.acquired_at.toISOString(),
    redis: leaseOf(row.redis_value, leases?.[i]),
  }));
}

type Lease = { value: string | null; expiresInMs: number };

/** Undefined where Redis doesn't answer. */
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

function leaseOf(ours: string, lease: Lease | undefined): Held['redis'] {
  if (!lease) return { state: 'unknown' };
  if (lease.value === null) return { state: 'missing' };
  return {
    state: lease.value === ours ? 'held' : 'other',
    ...(lease.expiresInMs >= 0 && { expiresInMs: lease.expiresInMs }),
  };
}
