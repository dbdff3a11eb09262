import { randomUUID } from 'node:crypto';
import { migrate } from '@holdfast/shared/database/migrate';
import type { App } from '@holdfast/shared/http/app';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrations } from '../schema.ts';
import { openAccount } from '../testing/accounts.ts';
import { buildApi, call } from '../testing/api.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let app: App;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.db, migrations);
  app = await buildApi(database.db);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

describe('GET /v1/balance', () => {
  test("shows the caller's own", async () => {
    await openAccount(database.db, 999);
    const userId = await openAccount(database.db, 250, 'EUR');
    expect(await call(app, 'GET', '/v1/balance', { userId })).toMatchObject({
      status: 200,
      body: { balance: { amount: 250, currency: 'EUR' } },
    });
  });

  test('is 404 for who has no account, and 401 for who does not say who they are', async () => {
    expect(await call(app, 'GET', '/v1/balance', { userId: randomUUID() })).toMatchObject({
      status: 404,
      body: { code: 'user-not-found' },
    });
    expect(await call(app, 'GET', '/v1/balance')).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });
});

describe('POST /v1/dev/users', () => {
  const make = (body: unknown, on = app) => call(on, 'POST', '/v1/dev/users', { body });
  const shown = async (accessToken: unknown) => {
    const headers = { authorization: `Bearer ${accessToken}` };
    return (await app.inject({ url: '/v1/balance', headers })).json();
  };

  test('makes a user with an empty account, and an access token', async () => {
    const { status, body } = await make({ name: 'Ada' });
    expect({ status, body }).toEqual({
      status: 201,
      body: { userId: expect.any(String), accessToken: expect.any(String) },
    });
    expect(await shown(body.accessToken)).toEqual({ balance: { amount: 0, currency: 'KRW' } });
  });

  test('gives a token that is valid for 24 hours', async () => {
    const { accessToken, userId } = (await make({ name: 'Ada' })).body;
    const claims = JSON.parse(Buffer.from(String(accessToken).split('.')[1] ?? '', 'base64url').toString());
    expect(claims.sub).toBe(userId);
    expect(claims.exp - claims.iat).toBe(24 * 3_600);
  });

  test('opens the account in the currency that is asked for', async () => {
    const { accessToken } = (await make({ name: 'Ada', currency: 'EUR' })).body;
    expect(await shown(accessToken)).toEqual({ balance: { amount: 0, currency: 'EUR' } });
  });

  test.each<Partial<Parameters<typeof buildApi>[1]>>([
    { HOLDFAST_DEV: false },
    // The keys of access tokens are another issuer's.
    { JWT_SECRET: undefined as never },
  ])('is no route where %j', async (config) => {
    const production = await buildApi(database.db, config);
    expect(await make({ name: 'Ada' }, production)).toMatchObject({
      status: 404,
      body: { code: 'route-not-found' },
    });
    await production.close();
  });

  test.each<[unknown]>([
    [undefined],
    ['not JSON'],
    [null],
    [{}],
    [{ name: '' }],
    [{ name: 'x'.repeat(101) }],
    [{ name: 7 }],
    [{ name: 'Ada', currency: 'krw' }],
    [{ name: 'Ada', currency: 'EURO' }],
    [{ name: 'Ada', balance: 1_000_000 }],
  ])('refuses %j', async (body) => {
    expect(await make(body)).toMatchObject({ status: 400, body: { code: 'validation' } });
  });
});
