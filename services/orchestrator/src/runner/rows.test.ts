import { randomUUID } from 'node:crypto';
import { migrate } from '@holdfast/shared/database/migrate';
import { inTransaction, query } from '@holdfast/shared/database/query';
import { faultMigration } from '@holdfast/shared/faults/faults';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { insertSagas, loadSagas, longHeldLocks, saveSagas, takeOverdue } from './rows.ts';
import { lockKeysMigration, operationsMigration, sagaMigration } from './schema.ts';
import type { NewSaga } from './store.ts';

/** The rows of sagas and of their locks, on a real Postgres. */

let db: Knex;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ db, drop } = await createTestDatabase());
  await migrate(db, [faultMigration, sagaMigration, operationsMigration]);
  await query(
    db,
    `insert into saga (saga_id, saga_no, type, definition_version, user_id, lock_key, instance, faults, status, context,
                       steps, deadline_at)
     values (?, nextval('saga_no'), 'reserve', 1, ?, 'seat:1', ?, '{}', 'COMPLETED', ?, '[]', now())`,
    [old.sagaId, randomUUID(), randomUUID(), JSON.stringify({ concertSeatId: '1', userId: 'u' })],
  );
  await migrate(db, [faultMigration, sagaMigration, operationsMigration, lockKeysMigration]);
});
afterAll(() => drop());

const old = { sagaId: randomUUID() };

const newSaga = (lockKeys: string[], sagaId = randomUUID()): NewSaga => ({
  saga: {
    sagaId,
    sagaNo: 0,
    type: 'reserve',
    definitionVersion: 1,
    userId: randomUUID(),
    traceparent: undefined,
    faults: {},
    status: 'RUNNING',
    context: {},
    steps: [],
    failure: undefined,
    parkedReason: undefined,
  },
  lockKeys,
  lockValue: sagaId,
  instance: 'one',
  waitMs: 1_000,
  idempotency: undefined,
});

const begin = (sagas: NewSaga[]) => insertSagas(db, sagas);

const locksOf = async ({ saga }: NewSaga): Promise<string[]> => {
  const rows = await query<{ lock_key: string }>(
    db,
    'select lock_key from lock where saga_id = ? order by lock_key',
    [saga.sagaId],
  );
  return rows.map(({ lock_key }) => lock_key);
};

const key = (): string => `seat:${randomUUID()}`;

test('a saga of an older schema has its one seat among the many', async () => {
  const saga = (await loadSagas(db, [old.sagaId])).get(old.sagaId);
  expect(saga).toMatchObject({ lockKeys: ['seat:1'], context: { concertSeatIds: ['1'], userId: 'u' } });
  expect(saga?.context).not.toHaveProperty('concertSeatId');
});

test('a saga begins with all of its locks, or not at all', async () => {
  const [a, b, c] = [key(), key(), key()];
  const [first, second] = [newSaga([a, b]), newSaga([b, c])];
  expect((await begin([first])).has(first.saga.sagaId)).toBe(true);
  expect((await begin([second])).size).toBe(0);
  expect(await locksOf(first)).toEqual([a, b].toSorted());
  expect(await locksOf(second)).toEqual([]);
  expect((await loadSagas(db, [second.saga.sagaId])).size).toBe(0);
});

test('of sagas that begin in one batch and want the same seat in a circle, one has all of its own', async () => {
  const [a, b, c] = [key(), key(), key()].toSorted() as [string, string, string];
  const sagas = [newSaga([a, b]), newSaga([b, c]), newSaga([c, a])];
  const begun = await begin(sagas);
  expect(begun.size).toBe(1);
  const winner = sagas.find(({ saga }) => begun.has(saga.sagaId)) as NewSaga;
  for (const saga of sagas)
    expect(await locksOf(saga)).toEqual(saga === winner ? winner.lockKeys.toSorted() : []);
});

test('many at once, with their seats in any order, never wait in a circle', async () => {
  const keys = Array.from({ length: 6 }, key);
  const wishes = Array.from({ length: 40 }, (_, i) =>
    newSaga([keys[i % 6], keys[(i * 5 + 1) % 6], keys[(i + 3) % 6]].filter(isFirst) as string[]),
  );
  const numbers = await Promise.all(wishes.map((wish) => begin([wish])));
  const held = wishes.filter((wish, i) => numbers[i]?.has(wish.saga.sagaId));
  expect(held.length).toBeGreaterThan(0);
  const locked = await Promise.all(wishes.map(locksOf));
  expect(locked.flat().filter(isFirst)).toEqual(locked.flat());
  expect(held.map(({ lockKeys }) => lockKeys.length)).toEqual(
    locked.flatMap(({ length }) => (length > 0 ? [length] : [])),
  );
});

test("a saga's locks are prolonged, and given back at its end, as one", async () => {
  const saga = newSaga([key(), key(), key()]);
  await begin([saga]);
  const ofSaga = (locks: { keys: string[]; value: string }[]) =>
    locks.filter(({ value }) => value === saga.lockValue).map(({ keys }) => keys.toSorted());
  expect(ofSaga(await longHeldLocks(db, 0, 1_000))).toEqual([saga.lockKeys.toSorted()]);

  const stored = (await loadSagas(db, [saga.saga.sagaId])).get(saga.saga.sagaId);
  if (!stored) throw new Error('it has begun');
  const move = { saga: { ...stored, status: 'COMPLETED' as const }, from: stored, waitMs: null };
  const { released } = await saveSagas(db, [move]);
  expect(ofSaga(released)).toEqual([saga.lockKeys.toSorted()]);
  expect(await locksOf(saga)).toEqual([]);
});

const isFirst = <Item>(item: Item, at: number, all: readonly Item[]): boolean => all.indexOf(item) === at;

test('an overdue saga is taken only by a build that has its definition', async () => {
  const [known, newer] = [newSaga(['seat:v1']), newSaga(['seat:v2'])];
  known.waitMs = 0;
  newer.waitMs = 0;
  newer.saga = { ...newer.saga, definitionVersion: 2 };
  await begin([known, newer]);
  const taken = async (versions: number[]) => {
    const keys = versions.map((definitionVersion) => ({ type: 'reserve', definitionVersion }));
    const sagas = await inTransaction(db, (tx) => takeOverdue(tx, keys, 100));
    return sagas.map(({ sagaId }) => sagaId);
  };
  const { sagaId } = newer.saga;
  expect(await taken([1])).toContain(known.saga.sagaId);
  expect(await taken([1])).not.toContain(sagaId);
  expect(await taken([2])).toEqual([sagaId]);
});
