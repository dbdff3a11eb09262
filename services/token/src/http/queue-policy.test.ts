import { randomUUID } from 'node:crypto';
import type { App } from '@holdfast/shared/http/app';
import type { ProblemCode } from '@holdfast/shared/http/problems';
import { bearer, buildTestApp } from '@holdfast/shared/testing/api';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import type { ReservationService } from '../reservation-service.ts';
import { createTokenDatabase, join, policy } from '../testing/database.ts';
import { queuePolicyRoutes } from './queue-policy.ts';

let database: Awaited<ReturnType<typeof createTokenDatabase>>;
let db: Knex;
let app: App;
let objection: ProblemCode | undefined;
const reservations: ReservationService = {
  objectionToConcert: async () => objection,
  objectionToReservation: async () => objection,
};

beforeAll(async () => {
  database = await createTokenDatabase();
  db = database.db;
  app = await buildTestApp((app) => queuePolicyRoutes(app, { db, policy, reservations }));
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(() => {
  objection = undefined;
});

async function call(method: 'GET' | 'PUT', path: string, role: string | undefined, payload?: object) {
  const headers = await bearer(randomUUID(), role === undefined ? [] : [role]);
  const response = await app.inject({
    method,
    url: `/v1/queues/${path}`,
    headers,
    ...(payload && { payload }),
  });
  return { status: response.statusCode, body: response.json() };
}

test('an operator sets whom a queue admits, also before anybody has come, and sees how it stands', async () => {
  const concertId = randomUUID();
  const set = { maxActive: 1, maxPerSecond: 50 };
  expect(await call('PUT', `${concertId}/policy`, 'operator', set)).toEqual({ status: 200, body: set });
  for (let i = 0; i < 4; i++) await join(db, { userId: randomUUID(), concertId });
  expect(await call('GET', concertId, 'viewer')).toEqual({
    status: 200,
    body: { concertId, policy: set, waiting: 3, active: 1, admitted: 1, gone: 0 },
  });
});

test('a queue for which nothing is set goes by the environment', async () => {
  const concertId = randomUUID();
  await join(db, { userId: randomUUID(), concertId });
  const { maxActive, maxPerSecond } = policy;
  expect((await call('GET', concertId, 'operator')).body.policy).toEqual({ maxActive, maxPerSecond });
});

test.each([undefined, 'viewer'])('the role %s sets nothing', async (role) => {
  const payload = { maxActive: 1, maxPerSecond: 1 };
  expect(await call('PUT', `${randomUUID()}/policy`, role, payload)).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  });
});

test('a buyer sees no queue as a whole', async () => {
  expect(await call('GET', randomUUID(), undefined)).toMatchObject({ status: 403 });
});

test('what is not there is not found', async () => {
  expect(await call('GET', randomUUID(), 'operator')).toMatchObject({ status: 404 });
  objection = 'concert-not-found';
  const payload = { maxActive: 1, maxPerSecond: 1 };
  expect(await call('PUT', `${randomUUID()}/policy`, 'operator', payload)).toMatchObject({
    status: 404,
    body: { code: 'concert-not-found' },
  });
});

test.each([
  {},
  { maxActive: 1 },
  { maxActive: -1, maxPerSecond: 1 },
  { maxActive: 1.5, maxPerSecond: 1 },
  { maxActive: '1', maxPerSecond: 1 },
  { maxActive: 1, maxPerSecond: 1_000_001 },
  { maxActive: 1, maxPerSecond: 1, other: 1 },
])('refuses %j', async (payload) => {
  expect(await call('PUT', `${randomUUID()}/policy`, 'operator', payload)).toMatchObject({
    status: 400,
    body: { code: 'validation' },
  });
});
