import { randomUUID } from 'node:crypto';
import { createLogger } from '@holdfast/shared/process/logger';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { LockUnavailable, redisLocks } from './locks.ts';

/** The seats' locks on a real Redis. */

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
  const value = (await locks.acquire([key])) as string;
  expect(value).toEqual(expect.any(String));
  expect(await locks.acquire([key])).toBeUndefined();
  await locks.release([{ keys: [key], value }]);
  expect(await locks.acquire([key])).toEqual(expect.any(String));
});

test("nobody gives back, or extends, what is another's", async () => {
  const locks = redisLocks(redis, options);
  const key = randomUUID();
  const value = await locks.acquire([key]);
  await locks.release([{ keys: [key], value: 'somebody' }]);
  await locks.extend([{ keys: [key], value: 'somebody' }]);
  expect(await redis.get(options.prefix + key)).toBe(value);
});

test('a lease is extended; a lock that Redis has forgotten is taken anew', async () => {
  const locks = redisLocks(redis, options);
  const key = randomUUID();
  const value = (await locks.acquire([key])) as string;
  await redis.pexpire(options.prefix + key, 100);
  await locks.extend([{ keys: [key], value }]);
  expect(await redis.pttl(options.prefix + key)).toBeGreaterThan(5_000);
  await redis.del(options.prefix + key);
  await locks.extend([{ keys: [key], value }]);
  expect(await redis.get(options.prefix + key)).toBe(value);
  expect(await locks.acquire([key])).toBeUndefined();
});

test('several keys are one lock: taken at once or not at all, given back and prolonged together', async () => {
  const locks = redisLocks(redis, options);
  const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
  const value = (await locks.acquire([b, a])) as string;
  expect(await redis.mget(options.prefix + a, options.prefix + b)).toEqual([value, value]);

  expect(await locks.acquire([c, b])).toBeUndefined();
  expect(await redis.exists(options.prefix + c)).toBe(0);

  await redis.del(options.prefix + a);
  await redis.pexpire(options.prefix + b, 100);
  await locks.extend([{ keys: [a, b], value }]);
  expect(await redis.get(options.prefix + a)).toBe(value);
  expect(await redis.pttl(options.prefix + b)).toBeGreaterThan(5_000);

  await locks.release([{ keys: [a, b], value }]);
  expect(await locks.acquire([a, b, c])).toEqual(expect.any(String));
});

test('what is left of a lock is given back, though Redis has forgotten a part', async () => {
  const locks = redisLocks(redis, options);
  const [a, b] = [randomUUID(), randomUUID()];
  const value = (await locks.acquire([a, b])) as string;
  await redis.del(options.prefix + a);
  await locks.release([{ keys: [a, b], value }]);
  expect(await redis.exists(options.prefix + b)).toBe(0);
});

test('two that want the same keys in opposite orders never both wait: one has them', async () => {
  const locks = redisLocks(redis, options);
  for (let i = 0; i < 50; i++) {
    const keys = [randomUUID(), randomUUID()];
    const got = await Promise.all([locks.acquire(keys), locks.acquire(keys.toReversed())]);
    expect(got.filter((value) => value !== undefined)).toHaveLength(1);
  }
});

test('a Redis that does not answer is not taken for a lock that is held', async () => {
  const nowhere = new Redis({ port: 1, maxRetriesPerRequest: 0, retryStrategy: () => null });
  nowhere.on('error', () => undefined);
  const locks = redisLocks(nowhere, options);
  await expect(locks.acquire([randomUUID()])).rejects.toThrow(LockUnavailable);
});
