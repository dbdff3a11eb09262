import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { migrate } from '../database/migrate.ts';
import { query, type Transaction } from '../database/query.ts';
import { createTestDatabase } from '../testing/database.ts';
import { eventually } from '../testing/eventually.ts';
import {
  idempotencyAgeIndex,
  idempotencyTable,
  pruneKeys,
  requestHash,
  withIdempotency,
} from './idempotency.ts';
import { problem } from './problems.ts';

const userId = '3f8c2a4e-0000-4000-8000-000000000001';
const request = { userId, key: 'k1', operation: 'charge', body: { amount: 5, currency: 'EUR' } };

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  await migrate(db, [
    { name: '001-idempotency', up: idempotencyTable },
    { name: '002-age', up: idempotencyAgeIndex },
    { name: '003-charges', up: 'create table charge (id int generated always as identity, amount int)' },
  ]);
});
beforeEach(async () => {
  await query(db, 'truncate idempotency_key, charge restart identity');
});
afterAll(async () => await database.drop());

const charge = async (tx: Transaction) => {
  const [row] = await query<{ id: number }>(tx, 'insert into charge (amount) values (5) returning id');
  return { status: 201, body: { z: row?.id, a: 'ä' } };
};
const count = async (table: string) => (await query(db, `select from ${table}`)).length;

describe('withIdempotency', () => {
  test('the same request again gets the first answer, and happens once', async () => {
    const first = await withIdempotency(db, request, charge);
    const again = await withIdempotency(db, { ...request, body: { currency: 'EUR', amount: 5 } }, charge);
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(await count('charge')).toBe(1);
  });

  test('a rush of the same request happens once', async () => {
    const slow = async (tx: Transaction) => {
      await delay(100);
      return await charge(tx);
    };
    const answers = await Promise.all(Array.from({ length: 8 }, () => withIdempotency(db, request, slow)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await count('charge')).toBe(1);
  });

  test('when the first fails, the one that waits takes its place', async () => {
    let begun = false;
    const first = withIdempotency(db, request, async (tx) => {
      await charge(tx);
      begun = true;
      await delay(200);
      throw problem('unavailable');
    });
    first.catch(() => undefined);
    await eventually('the first', () => begun);
    const second = withIdempotency(db, request, charge);
    await expect(first).rejects.toMatchObject({ code: 'unavailable' });
    expect((await second).status).toBe(201);
    expect(await count('charge')).toBe(1);
  });

  test('a refusal leaves neither effect nor key', async () => {
    const refused = withIdempotency(db, request, async (tx) => {
      await charge(tx);
      throw problem('insufficient-balance');
    });
    await expect(refused).rejects.toMatchObject({ code: 'insufficient-balance' });
    expect([await count('charge'), await count('idempotency_key')]).toEqual([0, 0]);
  });

  test.each([
    ['another body', { body: { amount: 6, currency: 'EUR' } }],
    ['another operation', { operation: 'pay' }],
  ])('the same key for %s is refused', async (_, other) => {
    await withIdempotency(db, request, charge);
    const reused = withIdempotency(db, { ...request, ...other }, charge);
    await expect(reused).rejects.toMatchObject({ code: 'idempotency-key-reused', status: 422 });
    expect(await count('charge')).toBe(1);
  });

  test('another user may have the same key', async () => {
    await withIdempotency(db, request, charge);
    await withIdempotency(db, { ...request, userId: '3f8c2a4e-0000-4000-8000-000000000002' }, charge);
    expect(await count('charge')).toBe(2);
  });

  test('without a key every request happens', async () => {
    await withIdempotency(db, { ...request, key: undefined }, charge);
    await withIdempotency(db, { ...request, key: undefined }, charge);
    expect([await count('charge'), await count('idempotency_key')]).toEqual([2, 0]);
  });

  test('who waits longer than the lock timeout is told to come again', async () => {
    let begun = false;
    let goOn = (): void => {};
    const waitedFor = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const first = withIdempotency(db, request, async (tx) => {
      begun = true;
      await waitedFor;
      return await charge(tx);
    });
    await eventually('the first', () => begun);
    const waiting = withIdempotency(db, request, charge);
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
    goOn();
    expect((await first).status).toBe(201);
  });
});

test('a request’s hash leaves the order of members aside, and nothing else', () => {
  const hash = requestHash({ a: { b: 1, c: [1, 2] }, d: null });
  expect(hash).toBe(requestHash({ d: null, a: { c: [1, 2], b: 1 } }));
  expect(hash).not.toBe(requestHash({ a: { b: 1, c: [2, 1] }, d: null }));
  expect(hash).not.toBe(requestHash({ a: { b: 1, c: [1, 2] } }));
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test('pruneKeys forgets any number of old keys: then the same one asks for something new', async () => {
  await query(
    db,
    `insert into idempotency_key (user_id, key, operation, request_hash, created_at)
     select gen_random_uuid(), 'old', 'charge', '', now() - interval '25 hours' from generate_series(1, 7000)`,
  );
  await withIdempotency(db, request, charge);
  expect(await pruneKeys(db, 24 * 3_600_000)).toBe(7_000);
  await withIdempotency(db, request, charge);
  expect(await count('charge')).toBe(1);

  expect(await pruneKeys(db, 0)).toBe(1);
  await withIdempotency(db, request, charge);
  expect(await count('charge')).toBe(2);
});
