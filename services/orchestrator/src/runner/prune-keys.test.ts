import { randomUUID } from 'node:crypto';
import { migrate } from '@holdfast/shared/database/migrate';
import { query } from '@holdfast/shared/database/query';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { pruneKeys } from './prune-keys.ts';
import { keysMigration, lockKeysMigration, operationsMigration, sagaMigration } from './schema.ts';

let db: Knex;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ db, drop } = await createTestDatabase());
  await migrate(db, [sagaMigration, operationsMigration, lockKeysMigration, keysMigration]);
});
afterEach(() => drop());

const hourMs = 3_600_000;

/** Sagas that began so long ago, each by a key of its own. */
async function begun(hoursAgo: number, settled: boolean, count = 1): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7({ msecs: Date.now() - hoursAgo * hourMs }));
  await query(
    db,
    `with new as (select unnest(?::uuid[]) as saga_id), keys as (
       insert into idempotency_key (user_id, key, request_hash, saga_id)
       select gen_random_uuid(), ?, '', saga_id from new)
     insert into saga (saga_id, saga_no, type, definition_version, user_id, lock_keys, instance, faults, status,
                       context, steps, deadline_at, settled)
     select saga_id, nextval('saga_no'), 'pay', 1, gen_random_uuid(), '{}', '', '{}', '', '{}', '[]', now(), ?
     from new`,
    [ids, randomUUID(), settled],
  );
  return ids;
}

const remembered = async () =>
  (await query<{ saga_id: string }>(db, 'select saga_id from idempotency_key')).map(({ saga_id }) => saga_id);

test('forgets keys that are older than the retention, except where their saga has not ended', async () => {
  const [[young], [parked]] = [await begun(23, true), await begun(400, false)];
  await begun(25, true);
  expect(await pruneKeys(db, 24 * hourMs)).toBe(1);
  expect((await remembered()).sort()).toEqual([young, parked].sort());
  await query(db, 'update saga set settled = true');
  expect(await pruneKeys(db, 24 * hourMs)).toBe(1);
  expect(await remembered()).toEqual([young]);
});

test('forgets any number of them, and finds them by an index', async () => {
  await begun(48, true, 12_001);
  const kept = await begun(1, true, 100);
  expect(await pruneKeys(db, 24 * hourMs)).toBe(12_001);
  expect((await remembered()).sort()).toEqual(kept.sort());
  expect(await query(db, `select from pg_indexes where indexname = 'idempotency_key_saga'`)).toHaveLength(1);
});
