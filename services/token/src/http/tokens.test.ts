import { randomUUID } from 'node:crypto';
import { query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { type ProblemCode, problem } from '@holdfast/shared/http/problems';
import { bearer, buildTestApp } from '@holdfast/shared/testing/api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { placesIn } from '../places.ts';
import type { ReservationService } from '../reservation-service.ts';
import { createTokenDatabase, policy, takeEvents, updateTokens } from '../testing/database.ts';
import { noLimits } from '../testing/limits.ts';
import { issueTokenRoute } from './issue-token.ts';
import { ownTokenRoutes } from './own-token.ts';

let database: Awaited<ReturnType<typeof createTokenDatabase>>;
let db: Knex;
let app: App;
let objection: ProblemCode | undefined;

const wakeOutbox = () => undefined;
const objecting = async () => {
  if (objection === 'unavailable') throw problem('unavailable', undefined, { retryAfter: 1 });
  return objection;
};
const reservations: ReservationService = {
  objectionToConcert: objecting,
  objectionToReservation: objecting,
};

beforeAll(async () => {
  database = await createTokenDatabase();
  db = database.db;
  app = await buildTestApp((app) => {
    const places = placesIn(db, policy);
    issueTokenRoute(app, { db, places, reservations, policy, limits: noLimits, wakeOutbox });
    ownTokenRoutes(app, { places, policy, limits: noLimits, wakeOutbox });
  });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(() => {
  objection = undefined;
});

type Call = { userId?: string; headers?: Record<string, string>; payload?: object | string };

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, { userId, headers, payload }: Call) {
  const response = await app.inject({
    method,
    url,
    headers: { ...(userId && (await bearer(userId))), ...headers },
    ...(payload !== undefined && { payload }),
  });
  return { status: response.statusCode, headers: response.headers, body: response.body && response.json() };
}

const issue = (userId: string, payload: object, headers = {}) =>
  call('POST', '/v1/tokens', { userId, payload, headers });
const show = (userId: string, token: string) =>
  call('GET', '/v1/tokens/me', { userId, headers: { 'queue-token': token } });
const leave = (userId: string, token: string) =>
  call('DELETE', '/v1/tokens/me', { userId, headers: { 'queue-token': token } });

describe('POST /v1/tokens', () => {
  test('gives a token for a concert, and the same one again', async () => {
    const userId = randomUUID();
    const concertId = randomUUID();
    const first = await issue(userId, { concertId });
    expect(first).toMatchObject({
      status: 201,
      body: {
        token: expect.stringMatching(/^[\w-]{43}$/),
        status: 'ACTIVE',
        position: 0,
        expiresAt: expect.any(String),
      },
    });
    expect((await issue(userId, { concertId: concertId.toUpperCase() })).body).toEqual(first.body);
  });

  test('gives a token for paying a hold', async () => {
    const { status, body } = await issue(randomUUID(), { reservationId: randomUUID() });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'ACTIVE', position: 0 });
  });

  test('has those wait for whom there is no room', async () => {
    const concertId = randomUUID();
    const places = [];
    for (let i = 0; i < 4; i++) places.push((await issue(randomUUID(), { concertId })).body);
    expect(places.map(({ status, position }) => [status, position])).toEqual([
      ['ACTIVE', 0],
      ['ACTIVE', 0],
      ['WAITING', 1],
      ['WAITING', 2],
    ]);
  });

  test.each<[ProblemCode, number, object]>([
    ['concert-not-found', 404, { concertId: randomUUID() }],
    ['reservation-not-found', 404, { reservationId: randomUUID() }],
    ['already-paid', 409, { reservationId: randomUUID() }],
    ['hold-expired', 409, { reservationId: randomUUID() }],
    ['unavailable', 503, { concertId: randomUUID() }],
  ])('answers %s', async (code, status, payload) => {
    objection = code;
    expect(await issue(randomUUID(), payload)).toMatchObject({ status, body: { code } });
  });

  test('gives the first answer again for its key, whatever has happened since', async () => {
    const userId = randomUUID();
    const payload = { reservationId: randomUUID() };
    const key = { 'idempotency-key': 'once' };
    const first = await issue(userId, payload, key);
    objection = 'already-paid';
    await query(db, 'delete from token where user_id = ?', [userId]);
    expect((await issue(userId, payload, key)).body).toEqual(first.body);
    expect(await issue(userId, { concertId: randomUUID() }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
  });

  test('remembers no refusal, and no token, with its key', async () => {
    const userId = randomUUID();
    const payload = { concertId: randomUUID() };
    const key = { 'idempotency-key': 'twice' };
    objection = 'concert-not-found';
    expect((await issue(userId, payload, key)).status).toBe(404);
    objection = undefined;
    const { status, body } = await issue(userId, payload, key);
    expect(status).toBe(201);
    const rows = await query(db, 'select body from idempotency_key where user_id = ?', [userId]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(body.token);
  });

  test.each<[string, Call['payload'], Record<string, string>?]>([
    ['nothing', {}],
    ['both', { concertId: randomUUID(), reservationId: randomUUID() }],
    ['something else', { seatId: randomUUID() }],
    ['no UUID', { concertId: 'the best' }],
    ['a number', { concertId: 7 }],
    ['an array', []],
    ['broken JSON', '{"concertId"', { 'content-type': 'application/json' }],
    ['an empty key', { concertId: randomUUID() }, { 'idempotency-key': '' }],
  ])('refuses %s', async (_, payload, headers = {}) => {
    const { status, body } = await call('POST', '/v1/tokens', {
      userId: randomUUID(),
      headers,
      ...(payload !== undefined && { payload }),
    });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'validation' });
  });
});

describe('GET /v1/tokens/me', () => {
  test('shows what the token is for and where its owner stands', async () => {
    const userId = randomUUID();
    const payload = { concertId: randomUUID() };
    const { body } = await issue(userId, payload);
    expect(await show(userId, body.token)).toMatchObject({ status: 200, body: { ...body, ...payload } });

    const paying = { reservationId: randomUUID() };
    const second = await issue(userId, paying);
    const { body: shown } = await show(userId, second.body.token);
    expect(shown).toEqual({ ...second.body, ...paying });
  });

  test("does not find another user's token, a forged one, or one that has expired", async () => {
    const userId = randomUUID();
    const { body } = await issue(userId, { concertId: randomUUID() });
    const notFound = { status: 404, body: { code: 'token-not-found' } };
    expect(await show(randomUUID(), body.token)).toMatchObject(notFound);
    expect(await show(userId, 'A'.repeat(43))).toMatchObject(notFound);
    await updateTokens(db, userId, 'expires_at = now()');
    expect(await show(userId, body.token)).toMatchObject(notFound);
  });

  test('tells who waits how long that takes, and when to ask again: the further back, the later', async () => {
    const concertId = randomUUID();
    const users = Array.from({ length: 50 }, () => randomUUID());
    const issued = [];
    for (const userId of users) issued.push((await issue(userId, { concertId })).body);
    const shown = [];
    for (const at of [0, policy.maxActive, 10, users.length - 1])
      shown.push(await show(users[at] as string, issued[at].token));
    expect(shown.map(({ body }) => body.position)).toEqual([0, 1, 9, 48]);
    const waits = shown.map(({ body }) => body.estimatedWaitMs);
    // Two places that become free once a minute at the latest.
    expect(waits).toEqual([0, 30_000, 270_000, 1_440_000]);
    expect(shown.map(({ headers }) => headers['retry-after'])).toEqual([undefined, '6', '54', '150']);
  });

  test('says how long a waiting token lasts at least', async () => {
    const concertId = randomUUID();
    for (let i = 0; i < policy.maxActive; i++) await issue(randomUUID(), { concertId });
    const { body, headers } = await issue(randomUUID(), { concertId });
    expect(body.status).toBe('WAITING');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.now() + policy.waitingTtlMs - 10_000);
  });
});

describe('DELETE /v1/tokens/me', () => {
  test('gives the token back, and says so', async () => {
    const userId = randomUUID();
    const { body } = await issue(userId, { concertId: randomUUID() });
    await takeEvents(db);
    expect(await leave(userId, body.token)).toMatchObject({ status: 204, body: '' });
    expect(await takeEvents(db)).toMatchObject([{ type: 'token.deleted', data: { userId, reason: 'left' } }]);
    expect(await leave(userId, body.token)).toMatchObject({ status: 404, body: { code: 'token-not-found' } });
  });

  test("does not touch another user's token", async () => {
    const userId = randomUUID();
    const { body } = await issue(userId, { concertId: randomUUID() });
    expect((await leave(randomUUID(), body.token)).status).toBe(404);
    expect((await show(userId, body.token)).status).toBe(200);
  });

  test('refuses to give back a token that a saga is using', async () => {
    const userId = randomUUID();
    const { body } = await issue(userId, { concertId: randomUUID() });
    await updateTokens(db, userId, 'claimed_by = gen_random_uuid()');
    expect(await leave(userId, body.token)).toMatchObject({ status: 409, body: { code: 'token-in-use' } });
  });
});

describe('the API', () => {
  test.each<['GET' | 'DELETE', Record<string, string>]>([
    ['GET', {}],
    ['GET', { 'queue-token': '' }],
    ['GET', { 'queue-token': 'short' }],
    ['GET', { 'queue-token': '!'.repeat(43) }],
    ['DELETE', {}],
    ['DELETE', { 'queue-token': 'x'.repeat(44) }],
  ])('refuses %s with headers %j', async (method, headers) => {
    const { status, body } = await call(method, '/v1/tokens/me', { userId: randomUUID(), headers });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'validation' });
  });

  test.each<['GET' | 'POST' | 'DELETE', string]>([
    ['POST', '/v1/tokens'],
    ['GET', '/v1/tokens/me'],
    ['DELETE', '/v1/tokens/me'],
  ])('%s %s needs an access token', async (method, url) => {
    expect(await call(method, url, {})).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});
