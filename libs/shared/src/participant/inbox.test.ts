import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { migrate } from '../database/migrate.ts';
import { inTransaction, query, runAll } from '../database/query.ts';
import { createTestDatabase } from '../testing/database.ts';
import { inboxRows, pruneInbox, raiseFloor, readInbox } from './inbox.ts';
import { participantMigrations } from './migrations.ts';

let db: Knex;
let drop: () => Promise<void>;

beforeEach(async () => {
  ({ db, drop } = await createTestDatabase());
  await migrate(db, participantMigrations);
});
afterEach(() => drop());

const remember = (sagaNos: readonly number[]): Promise<unknown> =>
  inTransaction(db, (tx) =>
    runAll(tx, inboxRows(sagaNos.map((sagaNo) => ({ id: `saga ${sagaNo}`, sagaNo, stored: null })))),
  );

const remembered = async (): Promise<number[]> =>
  (await query<{ saga_no: number }>(db, 'select saga_no from inbox order by saga_no')).map(
    ({ saga_no }) => saga_no,
  );

test('what lies below the floor is forgotten, the oldest first, some thousands at a time', async () => {
  // Late ones are found as well, wherever their row lies.
  await remember(Array.from({ length: 6_000 }, (_, i) => 6_001 - i));
  await pruneInbox(db);
  expect(await remembered()).toHaveLength(6_000);

  await raiseFloor(db, 6_000);
  await pruneInbox(db);
  expect(await remembered()).toEqual(Array.from({ length: 1_000 }, (_, i) => 5_002 + i));
  await pruneInbox(db);
  await remember([1]);
  expect(await remembered()).toEqual([1, 6_000, 6_001]);
  await pruneInbox(db);
  expect(await remembered()).toEqual([6_000, 6_001]);
});

test('the floor never sinks', async () => {
  await raiseFloor(db, 8);
  await raiseFloor(db, 7);
  expect(await inTransaction(db, (tx) => readInbox(tx, []))).toMatchObject({ floor: 8 });
});

test('a transaction that may have read the old floor finds all that was there until it ends', async () => {
  await remember([1, 2]);
  const hanging = await db.transaction();
  await raiseFloor(db, 2);
  await pruneInbox(db);
  expect(await remembered()).toEqual([1, 2]);
  await hanging.commit();
  await pruneInbox(db);
  expect(await remembered()).toEqual([2]);
});
