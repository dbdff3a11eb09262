import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/**
 * Locks that are in Redis beyond any reason: no unfinished saga has them, and their lease didn't end when it said that
 * it would. One that a dead process left is gone with its lease.
 *
 * @param held the lock keys of unfinished sagas
 * @param longestLeaseMs a lease that says it takes longer isn't waited for
 */
export async function collectRedisLocks(
  { redisUrl, prefix }: { redisUrl: string; prefix: string },
  held: ReadonlySet<string>,
  longestLeaseMs = 30_000,
): Promise<string[]> {
  const redis = new Redis(redisUrl);
  const start = `${prefix}lock:`;
  try {
    const keys = await scan(redis, `${start}*`);
    const left = keys.filter((key) => !held.has(key.slice(start.length)));
    if (left.length === 0) return [];
    const leases = await Promise.all(left.map((key) => redis.pttl(key)));
    await sleep(Math.min(Math.max(...leases, 0) + 500, longestLeaseMs));
    const present = await Promise.all(left.map((key) => redis.exists(key)));
    return left.filter((_, i) => present[i] === 1).map((key) => key.slice(start.length));
  } finally {
    redis.disconnect();
  }
}

async function scan(redis: Redis, pattern: string): Promise<string[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(
      cursor,
      'MATCH',
      pattern.replaceAll(/[[\]?^\\]/g, '\\$&'),
      'COUNT',
      1_000,
    );
    for (const key of found) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...keys];
}
