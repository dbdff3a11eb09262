import { randomUUID } from 'node:crypto';
import { deduct } from '@holdfast/shared/contracts/balance';
import { maxAmount } from '@holdfast/shared/contracts/values';
import { migrate } from '@holdfast/shared/database/migrate';
import { inTransaction, query, runAll } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { todo } from '@holdfast/shared/testing/commands';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { changes, load } from '../rows.ts';
import { migrations } from '../schema.ts';
import { balanceOf, movesOf, openAccount, unbalanced } from '../testing/accounts.ts';
import { buildApi, call } from '../testing/api.ts';
import { apply, krw } from '../testing/batch.ts';

let db: Knex;
let drop: () => Promise<void>;
let app: App;
let woken = 0;
beforeAll(async () => {
  ({ db, drop } = await createTestDatabase());
  await migrate(db, migrations);
  app = await buildApi(db, {}, () => woken++);
});
afterAll(async () => {
  expect(await unbalanced(db)).toEqual([]);
  await app.close();
  await drop();
});

const charge = (
  userId: string,
  body: unknown = krw(100),
  { key = randomUUID() as string | undefined, on = app } = {},
) => call(on, 'POST', '/v1/balance/charges', { userId, key, body });

describe('POST /v1/balance/charges', () => {
  test('puts the money on the balance, writes it down, and says so once it is committed', async () => {
    const userId = await openAccount(db, 50);
    const before = woken;
    const { status, body } = await charge(userId, krw(100));
    expect({ status, body }).toEqual({
      status: 201,
      body: { chargeId: expect.any(String), balance: krw(150) },
    });
    expect(await movesOf(db, userId)).toEqual([
      ['charge', 50, 50],
      ['charge', 100, 150],
    ]);
    const [row] = await query<{ event: object }>(db, `select event from outbox where event ->> 'key' = ?`, [
      userId,
    ]);
    expect(row?.event).toEqual({
      type: 'balance.charged',
      key: userId,
      data: { userId, entryId: body.chargeId, money: krw(100), balance: krw(150) },
    });
    expect(woken).toBe(before + 1);
  });

  test('asked for 20 times at once with one key, charges once and answers the same to the byte', async () => {
    const userId = await openAccount(db, 0);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => charge(userId, krw(100), { key })));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 201, body: { balance: krw(100) } });
    expect(await movesOf(db, userId)).toEqual([['charge', 100, 100]]);
  });

  test('asked for again after a restart, with its members in another order, answers as it did', async () => {
    const userId = await openAccount(db, 0);
    const key = randomUUID();
    const first = await charge(userId, { amount: 100, currency: 'KRW' }, { key });
    await charge(userId, krw(5));
    const restarted = await buildApi(db);
    const again = await charge(userId, { currency: 'KRW', amount: 100 }, { key, on: restarted });
    expect(again).toEqual(first);
    await restarted.close();
    expect(await balanceOf(db, userId)).toBe(105);
  });

  test('refuses a key that came with another body; a key of another user is another key', async () => {
    const [userId, someoneElse] = [await openAccount(db, 0), await openAccount(db, 0)];
    const key = randomUUID();
    await charge(userId, krw(100), { key });
    expect(await charge(userId, krw(101), { key })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(await charge(someoneElse, krw(101), { key })).toMatchObject({ status: 201 });
    expect([await balanceOf(db, userId), await balanceOf(db, someoneElse)]).toEqual([100, 101]);
  });

  test('loses none of many at once, while deductions go on', async () => {
    const userId = await openAccount(db, 1_000);
    const deducting = Array.from({ length: 30 }, (_, i) =>
      inTransaction(db, async (tx) => {
        const by = { sagaId: randomUUID(), sagaNo: i };
        const commands = [todo(deduct, { userId, price: krw(10) }, by)];
        const state = await load(tx, commands);
        apply(state, commands);
        await runAll(tx, changes(state));
      }),
    );
    const answers = await Promise.all(Array.from({ length: 30 }, () => charge(userId, krw(7))));
    await Promise.all(deducting);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await balanceOf(db, userId)).toBe(1_000 + 30 * 7 - 30 * 10);
  });

  test('fills a balance to the brim, and not over it', async () => {
    const userId = await openAccount(db, 1);
    expect(await charge(userId, krw(maxAmount))).toMatchObject({
      status: 409,
      body: { code: 'balance-limit-exceeded' },
    });
    expect(await charge(userId, krw(maxAmount - 1))).toMatchObject({
      status: 201,
      body: { balance: krw(maxAmount) },
    });
  });

  test('does not remember a refusal: the same key may try again', async () => {
    const userId = randomUUID();
    const key = randomUUID();
    expect(await charge(userId, krw(100), { key })).toMatchObject({
      status: 404,
      body: { code: 'user-not-found' },
    });
    await query(db, `insert into account (user_id, currency, balance) values (?, 'KRW', 0)`, [userId]);
    expect(await charge(userId, krw(100), { key })).toMatchObject({ status: 201 });
  });

  test('refuses another currency than the account has', async () => {
    const userId = await openAccount(db, 0);
    expect(await charge(userId, { amount: 1, currency: 'EUR' })).toMatchObject({
      status: 409,
      body: { code: 'currency-mismatch' },
    });
  });

  test.each<[unknown]>([
    ['not JSON'],
    [null],
    [[]],
    [{}],
    [{ amount: 1 }],
    [{ currency: 'KRW' }],
    [krw(0)],
    [krw(-1)],
    [krw(1.5)],
    [krw(maxAmount + 1)],
    [{ amount: '100', currency: 'KRW' }],
    [{ amount: null, currency: 'KRW' }],
    [{ amount: 1, currency: 'krw' }],
    [{ amount: 1, currency: 'KRW\n' }],
    [{ ...krw(1), userId: randomUUID() }],
  ])('refuses %j, and charges nothing', async (body) => {
    const userId = await openAccount(db, 0);
    expect(await charge(userId, body)).toMatchObject({ status: 400, body: { code: 'validation' } });
    expect(await balanceOf(db, userId)).toBe(0);
  });

  test.each([
    [undefined, 'idempotency-key-required'],
    ['', 'validation'],
    ['with space', 'validation'],
    ['x'.repeat(256), 'validation'],
  ])('refuses the key %j', async (key, code) => {
    const userId = await openAccount(db, 0);
    expect(await call(app, 'POST', '/v1/balance/charges', { userId, key, body: krw(1) })).toMatchObject({
      status: 400,
      body: { code },
    });
  });

  test('is for nobody without an access token', async () => {
    expect(await call(app, 'POST', '/v1/balance/charges', { key: randomUUID(), body: krw(1) })).toMatchObject(
      { status: 401, body: { code: 'unauthenticated' } },
    );
  });
});
