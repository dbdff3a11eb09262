import { randomUUID } from 'node:crypto';
import { createLogger } from '@holdfast/shared/process/logger';
import { eventually } from '@holdfast/shared/testing/eventually';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
  const locks = redisLocks([redis], options);
  const key = randomUUID();
  const value = (await locks.acquire([key])) as string;
  expect(value).toEqual(expect.any(String));
  expect(await locks.acquire([key])).toBeUndefined();
  await locks.release([{ keys: [key], value }]);
  expect(await locks.acquire([key])).toEqual(expect.any(String));
});

test("nobody gives back, or extends, what is another's", async () => {
  const locks = redisLocks([redis], options);
  const key = randomUUID();
  const value = await locks.acquire([key]);
  await locks.release([{ keys: [key], value: 'somebody' }]);
  await locks.extend([{ keys: [key], value: 'somebody' }]);
  expect(await redis.get(options.prefix + key)).toBe(value);
});

test('a lease is extended; a lock that Redis has forgotten is taken anew', async () => {
  const locks = redisLocks([redis], options);
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
  const locks = redisLocks([redis], options);
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
  const locks = redisLocks([redis], options);
  const [a, b] = [randomUUID(), randomUUID()];
  const value = (await locks.acquire([a, b])) as string;
  await redis.del(options.prefix + a);
  await locks.release([{ keys: [a, b], value }]);
  expect(await redis.exists(options.prefix + b)).toBe(0);
});

test('two that want the same keys in opposite orders never both wait: one has them', async () => {
  const locks = redisLocks([redis], options);
  for (let i = 0; i < 50; i++) {
    const keys = [randomUUID(), randomUUID()];
    const got = await Promise.all([locks.acquire(keys), locks.acquire(keys.toReversed())]);
    expect(got.filter((value) => value !== undefined)).toHaveLength(1);
  }
});

test('a Redis that does not answer is not taken for a lock that is held', async () => {
  const nowhere = new Redis({ port: 1, maxRetriesPerRequest: 0, retryStrategy: () => null });
  nowhere.on('error', () => undefined);
  const locks = redisLocks([nowhere], options);
  await expect(locks.acquire([randomUUID()])).rejects.toThrow(LockUnavailable);
});

describe('on three nodes', () => {
  // Databases of one server know as little of each other's keys as three servers would.
  const databases = [0, 1, 2].map(
    (db) => new Redis(process.env.REDIS_URL as string, { db, lazyConnect: true }),
  );
  const [first, second, third] = databases as [Redis, Redis, Redis];
  const dead = [1, 2].map(() => new Redis({ port: 1, maxRetriesPerRequest: 0, retryStrategy: () => null }));
  const [gone, goneToo] = dead as [Redis, Redis];
  for (const node of dead) node.on('error', () => undefined);
  afterAll(() => {
    for (const node of [...databases, ...dead]) node.disconnect();
  });

  const valuesOf = (key: string): Promise<(string | null)[]> =>
    Promise.all(databases.map((node) => node.get(options.prefix + key)));

  test('it is held on each, prolonged on each, and given back on each', async () => {
    const locks = redisLocks([first, second, third], options);
    const key = randomUUID();
    const value = (await locks.acquire([key])) as string;
    await eventually('all have it', async () => (await valuesOf(key)).every((held) => held === value));
    await second.del(options.prefix + key);
    await third.pexpire(options.prefix + key, 500);
    await locks.extend([{ keys: [key], value }]);
    await eventually('all have it again', async () => (await valuesOf(key)).every((held) => held === value));
    expect(await third.pttl(options.prefix + key)).toBeGreaterThan(5_000);
    await locks.release([{ keys: [key], value }]);
    await eventually('none has it', async () => (await valuesOf(key)).every((held) => held === null));
  });

  test('one that is away changes nothing: one has it, and the other is told so', async () => {
    const locks = redisLocks([first, gone, third], options);
    const key = randomUUID();
    const value = (await locks.acquire([key])) as string;
    expect(value).toEqual(expect.any(String));
    expect(await locks.acquire([key])).toBeUndefined();
    await locks.extend([{ keys: [key], value }]);
    await locks.release([{ keys: [key], value }]);
    expect(await locks.acquire([key])).toEqual(expect.any(String));
  });

  test('with two away nobody can tell, though the one that is left has another holder', async () => {
    const locks = redisLocks([gone, second, goneToo], options);
    const key = randomUUID();
    await expect(locks.acquire([key])).rejects.toThrow(LockUnavailable);
    await second.set(options.prefix + key, 'another', 'PX', 10_000);
    await expect(locks.acquire([key])).rejects.toThrow(LockUnavailable);
  });

  test('where each of two has a part, both are told that it is taken, and leave nothing behind', async () => {
    const locks = redisLocks([first, second, third], options);
    const key = randomUUID();
    await first.set(options.prefix + key, 'one', 'PX', 10_000);
    await second.set(options.prefix + key, 'another', 'PX', 10_000);
    expect(await locks.acquire([key])).toBeUndefined();
    expect(await valuesOf(key)).toEqual(['one', 'another', null]);
    // Of the two that are left to answer, one is for us: no outage, therefore.
    expect(await redisLocks([first, gone, third], options).acquire([key])).toBeUndefined();
  });

  test('a minority that has another holder does not keep it from the majority', async () => {
    const locks = redisLocks([first, second, third], options);
    const key = randomUUID();
    await third.set(options.prefix + key, 'left behind', 'PX', 10_000);
    const value = (await locks.acquire([key])) as string;
    expect((await valuesOf(key)).slice(0, 2)).toEqual([value, value]);
    await locks.release([{ keys: [key], value }]);
    expect(await valuesOf(key)).toEqual([null, null, 'left behind']);
  });
});
