import { randomUUID } from 'node:crypto';
import { createLogger } from '@holdfast/shared/process/logger';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { LockUnavailable, redisLocks } from './locks.ts';

/** The seat's lock on a real Redis. */

const log = createLogger({ service: 'test', level: 'silent' });
const options = { leaseMs: 10_000, prefix: `test-${randomUUID()}:`, log };
let redis: Redis;

beforeAll(() => {
  if (!process.env.REDIS_URL) throw new Error('This test needs Redis: run it with npm test.');
  redis = new Redis(process.env.REDIS_URL);
});
afterAll(() => redis.disconnect());

test('one has it; when it is given back, the next', async () => {
  const locks = redisLocks(redis, options);
  const key = randomUUID();
  const value = (await locks.acquire(key)) as string;
  expect(value).toEqual(expect.any(String));
  expect(await locks.acquire(key)).toBeUndefined();
  await locks.release([{ key, value }]);
  expect(await locks.acquire(key)).toEqual(expect.any(String));
});

test("nobody gives back, or extends, what is another's", async () => {
  const locks = redisLocks(redis, options);
  const key = randomUUID();
  const value = await locks.acquire(key);
  await locks.release([{ key, value: 'somebody' }]);
  await locks.extend([{ key, value: 'somebody' }]);
  expect(await redis.get(options.prefix + key)).toBe(value);
});

test('a lease is extended; a lock that Redis has forgotten is taken anew', async () => {
  const locks = redisLocks(redis, options);
  const key = randomUUID();
  const value = (await locks.acquire(key)) as string;
  await redis.pexpire(options.prefix + key, 100);
  await locks.extend([{ key, value }]);
  expect(await redis.pttl(options.prefix + key)).toBeGreaterThan(5_000);
  await redis.del(options.prefix + key);
  await locks.extend([{ key, value }]);
  expect(await redis.get(options.prefix + key)).toBe(value);
  expect(await locks.acquire(key)).toBeUndefined();
});

test('a Redis that does not answer is not taken for a lock that is held', async () => {
  const nowhere = new Redis({ port: 1, maxRetriesPerRequest: 0, retryStrategy: () => null });
  nowhere.on('error', () => undefined);
  const locks = redisLocks(nowhere, options);
  await expect(locks.acquire(randomUUID())).rejects.toThrow(LockUnavailable);
});
