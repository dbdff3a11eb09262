import { randomUUID } from 'node:crypto';
import type { App } from '@holdfast/shared/http/app';
import { createLogger } from '@holdfast/shared/process/logger';
import { bearer, buildTestApp } from '@holdfast/shared/testing/api';
import { eventually } from '@holdfast/shared/testing/eventually';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { connectRedis } from '../redis.ts';
import { type LimitSettings, limitsOn } from './limits.ts';

const log = createLogger({ service: 'test', level: 'silent' });
const settings: LimitSettings = { windowMs: 60_000, perUser: 3, perAddress: 5 };

let prefix: string;
const closing: (() => Promise<void>)[] = [];
beforeEach(() => {
  prefix = `test-${randomUUID()}.`;
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Whom it would let in because this machine stood still for a moment, it counts. */
function patientRedis(url = process.env.REDIS_URL as string): ReturnType<typeof connectRedis> {
  const connection = connectRedis({ url }, log);
  connection.redis.options.commandTimeout = 10_000;
  return connection;
}

/** An instance behind a proxy on this machine. */
async function instance(own: Partial<LimitSettings> = {}, url?: string): Promise<{ app: App; redis: Redis }> {
  const { redis, stop } = patientRedis(url);
  const app = await buildTestApp(
    async (app) => {
      const limits = await limitsOn(app, { redis, prefix, settings: { ...settings, ...own } });
      app.get('/v1/limited', {
        onRequest: [limits.ofAddress, app.authenticate, limits.ofUser],
        handler: async () => 'in',
      });
    },
    { TRUST_PROXY: 'loopback' },
  );
  closing.push(
    () => app.close(),
    async () => stop(),
  );
  return { app, redis };
}

async function connected(redis: Redis): Promise<void> {
  await eventually('the connection', () => redis.status === 'ready');
}

async function ask(app: App, userId: string, address: string) {
  const headers = { ...(await bearer(userId)), 'x-forwarded-for': address };
  const { statusCode, headers: answered, body } = await app.inject({ url: '/v1/limited', headers });
  return { status: statusCode, headers: answered, body };
}

/** In order of their numbers: requests at once may arrive in any. */
async function statuses(asks: Promise<{ status: number }>[]): Promise<number[]> {
  return (await Promise.all(asks)).map(({ status }) => status).sort();
}

describe('a user', () => {
  test('is turned away after so many requests, from whatever address and to whatever instance', async () => {
    const { app: one, redis } = await instance();
    const { app: other, redis: second } = await instance();
    await Promise.all([connected(redis), connected(second)]);
    const userId = randomUUID();
    expect((await ask(one, userId, '203.0.113.1')).headers).toMatchObject({
      'ratelimit-limit': '3',
      'ratelimit-remaining': '2',
      'ratelimit-reset': '60',
    });
    expect((await ask(other, userId, '203.0.113.2')).status).toBe(200);
    expect((await ask(one, userId, '203.0.113.3')).headers['ratelimit-remaining']).toBe('0');
    const refused = await ask(other, userId, '203.0.113.4');
    expect(refused.status).toBe(429);
    expect(refused.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'ratelimit-remaining': '0',
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.parse(refused.body)).toMatchObject({ status: 429, code: 'too-many-requests' });
    expect((await ask(one, randomUUID(), '203.0.113.1')).status).toBe(200);
  });

  test('may ask again when the time is over', async () => {
    const { app, redis } = await instance({ windowMs: 2_000, perUser: 1 });
    await connected(redis);
    const userId = randomUUID();
    const again = () => ask(app, userId, '203.0.113.9');
    expect(await statuses([again(), again()])).toEqual([200, 429]);
    await eventually('the next window', async () => (await again()).status === 200);
  });
});

describe('an address', () => {
  test('is turned away after so many requests, whoever sends them', async () => {
    const { app, redis } = await instance();
    await connected(redis);
    const asks = Array.from({ length: 7 }, () => ask(app, randomUUID(), '203.0.113.5'));
    expect(await statuses(asks)).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect((await ask(app, randomUUID(), '203.0.113.6')).status).toBe(200);
  });

  test('of the sixth version counts with all that its owner can choose from', async () => {
    const { app, redis } = await instance();
    await connected(redis);
    const asks = Array.from({ length: 6 }, (_, i) => ask(app, randomUUID(), `2001:db8:1:2:${i}::1`));
    expect((await statuses(asks)).filter((status) => status === 429)).toHaveLength(1);
  });

  test('is turned away before its access tokens are looked at', async () => {
    const { app, redis } = await instance();
    await connected(redis);
    const asks = Array.from({ length: 6 }, () => app.inject({ url: '/v1/limited' }));
    const answers = await Promise.all(asks);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([401, 401, 401, 401, 401, 429]);
  });
});

test('nobody can be counted as somebody else by what they claim to come from', async () => {
  const { redis, stop } = patientRedis();
  const app = await buildTestApp(async (app) => {
    const limits = await limitsOn(app, { redis, prefix, settings });
    app.get('/v1/limited', { onRequest: limits.ofAddress, handler: async () => 'in' });
  });
  closing.push(
    () => app.close(),
    async () => stop(),
  );
  await connected(redis);
  const asks = Array.from({ length: 6 }, (_, i) => ask(app, randomUUID(), `203.0.113.${i}`));
  expect((await statuses(asks)).filter((status) => status === 429)).toHaveLength(1);
});

test('a limit of 0 is none', async () => {
  const { app, redis } = await instance({ perUser: 0, perAddress: 0 });
  await connected(redis);
  const userId = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(app, userId, '203.0.113.8')));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

test('nobody is turned away because Redis is away', async () => {
  const { app } = await instance({}, 'redis://127.0.0.1:1');
  const userId = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(app, userId, '203.0.113.10')));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});
