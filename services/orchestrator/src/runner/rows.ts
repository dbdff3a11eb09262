import {
  atOnce,
  type Database,
  prepared,
  query,
  type Statement,
  type Transaction,
} from '@holdfast/shared/database/query';
import type { Knex } from 'knex';
import { hasEnded, type Saga } from '../engine/saga.ts';
import type { DefinitionKey } from '../sagas/definitions.ts';
import type { HeldLock, Move, NewSaga, Remembered, Saved, StoredSaga } from './store.ts';

/** The SQL of the sagas' rows, a batch at a time. Whoever writes one compares the version that it read, and raises it. */

export const columns = `saga_id, saga_no, type, definition_version, user_id, traceparent, faults, status, context, steps, failure,
  parked_reason, version, moved_by, lock_keys, instance, started_at, ended_at, settled`;

export type Row = {
  saga_id: string;
  saga_no: number;
  type: string;
  definition_version: number;
  user_id: string;
  traceparent: string | null;
  faults: Saga['faults'];
  status: Saga['status'];
  context: Saga['context'];
  steps: Saga['steps'];
  failure: Saga['failure'] | null;
  parked_reason: string | null;
  version: number;
  moved_by: string | null;
  lock_keys: string[];
  instance: string;
  started_at: Date;
  ended_at: Date | null;
  settled: boolean;
};

export const fromRow = (row: Row): StoredSaga => ({
  sagaId: row.saga_id,
  sagaNo: row.saga_no,
  type: row.type,
  definitionVersion: row.definition_version,
  userId: row.user_id,
  traceparent: row.traceparent ?? undefined,
  faults: row.faults,
  status: row.status,
  context: row.context,
  steps: row.steps,
  failure: row.failure ?? undefined,
  parkedReason: row.parked_reason ?? undefined,
  version: row.version,
  movedBy: row.moved_by,
  lockKeys: row.lock_keys,
  instance: row.instance,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  settled: row.settled,
});

/**
 * Begins sagas: each takes the rows of its locks, remembers its idempotency key, draws its number, all in one
 * transaction. Those of whose locks another has one, or whose idempotency key, are left out.
 *
 * @returns the numbers of those that have begun, by saga id
 */
export async function insertSagas(db: Knex, sagas: readonly NewSaga[]): Promise<Map<string, number>> {
  const insert: Statement = {
    // Locks are taken in one order, whoever takes them, so that nobody waits in a circle. The number comes from a join
    // with those that were won, so that it is drawn after all of them: on one seat a later saga's number is the larger.
    sql: `with new as (
       select * from unnest(?::uuid[], ?::int[], ?::text[], ?::uuid[], ?::text[], ?::text[])
         as new (saga_id, keys, redis_value, user_id, key, request_hash)
     ), locked as (
       insert into lock (lock_key, saga_id, redis_value)
       select lock_key, saga_id, redis_value
       from new join unnest(?::text[], ?::uuid[]) as wanted (lock_key, saga_id) using (saga_id)
       order by lock_key, saga_id
       on conflict do nothing
       returning saga_id
     ), won as (
       select saga_id from new join locked using (saga_id) group by saga_id, keys having count(*) = keys
     ), remembered as (
       insert into idempotency_key (user_id, key, request_hash, saga_id)
       select user_id, key, request_hash, saga_id from new join won using (saga_id)
       where key is not null order by user_id, key
       on conflict do nothing
       returning saga_id
     )
     insert into saga (saga_no, saga_id, type, definition_version, user_id, lock_keys, instance, traceparent, faults,
                       status, context, steps, deadline_at)
     select nextval('saga_no'), saga_id, type, definition_version, new.user_id,
            array(select jsonb_array_elements_text(lock_keys)), instance, traceparent, faults, status, context, steps,
            now() + wait_ms * interval '1 ms'
     from new
     join won using (saga_id)
     join unnest(?::uuid[], ?::text[], ?::int[], ?::text[], ?::text[], ?::jsonb[], ?::text[], ?::jsonb[], ?::jsonb[],
                 ?::float[], ?::jsonb[]) as body (saga_id, type, definition_version, instance, traceparent, faults,
                                                  status, context, steps, wait_ms, lock_keys) using (saga_id)
     where key is null or saga_id in (select saga_id from remembered)
     returning saga_id, saga_no`,
    bindings: [
      sagas.map(({ saga }) => saga.sagaId),
      sagas.map(({ lockKeys }) => lockKeys.length),
      sagas.map(({ lockValue }) => lockValue),
      sagas.map(({ saga }) => saga.userId),
      sagas.map(({ idempotency }) => idempotency?.key ?? null),
      sagas.map(({ idempotency }) => idempotency?.requestHash ?? null),
      sagas.flatMap(({ lockKeys }) => lockKeys),
      sagas.flatMap(({ saga, lockKeys }) => lockKeys.map(() => saga.sagaId)),
      sagas.map(({ saga }) => saga.sagaId),
      sagas.map(({ saga }) => saga.type),
      sagas.map(({ saga }) => saga.definitionVersion),
      sagas.map(({ instance }) => instance),
      sagas.map(({ saga }) => saga.traceparent ?? null),
      sagas.map(({ saga }) => JSON.stringify(saga.faults)),
      sagas.map(({ saga }) => saga.status),
      sagas.map(({ saga }) => JSON.stringify(saga.context)),
      sagas.map(({ saga }) => JSON.stringify(saga.steps)),
      sagas.map(({ waitMs }) => waitMs),
      sagas.map(({ lockKeys }) => JSON.stringify(lockKeys)),
    ],
  };
  // Some of the locks of one that hasn't begun may have been free.
  const giveBack: Statement = {
    sql: `delete from lock where saga_id = any(?::uuid[])
          and not exists (select from saga where saga.saga_id = lock.saga_id)`,
    bindings: [sagas.map(({ saga }) => saga.sagaId)],
  };
  const [begun = []] = await atOnce(db, [insert, giveBack]);
  return new Map((begun as { saga_id: string; saga_no: number }[]).map((row) => [row.saga_id, row.saga_no]));
}

export async function loadSagas(db: Database, sagaIds: readonly string[]): Promise<Map<string, StoredSaga>> {
  const rows = await prepared<Row>(db, `select ${columns} from saga where saga_id = any(?::uuid[])`, [
    sagaIds,
  ]);
  return new Map(rows.map((row) => [row.saga_id, fromRow(row)]));
}

/** Those of them that ended at least `ms` ago or were parked. */
export async function loadOver(
  db: Database,
  sagaIds: readonly string[],
  ms: number,
): Promise<Map<string, StoredSaga>> {
  const rows = await prepared<Row>(
    db,
    `select ${columns} from saga where saga_id = any(?::uuid[])
       and (status = 'PARKED' or ended_at <= now() - ?::float * interval '1 ms')`,
    [sagaIds, ms],
  );
  return new Map(rows.map((row) => [row.saga_id, fromRow(row)]));
}

/** Sagas by these definitions whose time has run out, and ended ones of which nobody knows whether the end was published. */
export async function takeOverdue(
  tx: Transaction,
  definitions: readonly DefinitionKey[],
  limit: number,
): Promise<StoredSaga[]> {
  const rows = await query<Row>(
    tx,
    `select ${columns} from saga where not settled and deadline_at <= now()
       and (type, definition_version) in (select * from unnest(?::text[], ?::int[]))
     order by saga_no limit ? for update skip locked`,
    [definitions.map(({ type }) => type), definitions.map((key) => key.definitionVersion), limit],
  );
  return rows.map(fromRow);
}

/** How long the end of a saga may take to be published before the sweep sees to it, in ms. */
const settleMs = 5_000;

/**
 * Writes what has moved, where the row's version is still the one that was read; ended sagas give their locks back. One
 * statement, and so one transaction.
 *
 * @returns the ids of those that were written (the others were moved by another in the meantime), and the locks of
 *   those that have ended
 */
export async function saveSagas(db: Database, moves: readonly Move[]): Promise<Saved> {
  if (moves.length === 0) return { written: new Set(), released: [] };
  const sagas = moves.map(({ saga }) => saga);
  const rows = await prepared<{ saga_id: string; keys: string[] | null; value: string | null }>(
    db,
    `with written as (
       update saga set
         status = new.status, context = new.context, steps = new.steps, failure = new.failure,
         parked_reason = new.parked_reason,
         parked_at = case when new.status = 'PARKED' then coalesce(saga.parked_at, now()) end,
         moved_by = new.moved_by, version = saga.version + 1,
         deadline_at = now() + new.wait_ms * interval '1 ms',
         ended_at = case when new.ended then now() end
       from unnest(?::uuid[], ?::int[], ?::text[], ?::jsonb[], ?::jsonb[], ?::jsonb[], ?::text[], ?::text[], ?::float[],
                   ?::boolean[])
         as new (saga_id, version, status, context, steps, failure, parked_reason, moved_by, wait_ms, ended)
       where saga.saga_id = new.saga_id and saga.version = new.version
       returning saga.saga_id
     ), released as (
       delete from lock using written where lock_key = any(?::text[]) and lock.saga_id = written.saga_id
       returning lock.saga_id, lock_key, redis_value
     )
     select saga_id, array_agg(lock_key) filter (where lock_key is not null) as keys, redis_value as value
     from written left join released using (saga_id) group by saga_id, redis_value`,
    [
      sagas.map(({ sagaId }) => sagaId),
      sagas.map(({ version }) => version),
      sagas.map(({ status }) => status),
      sagas.map(({ context }) => JSON.stringify(context)),
      sagas.map(({ steps }) => JSON.stringify(steps)),
      sagas.map(({ failure }) => (failure ? JSON.stringify(failure) : null)),
      sagas.map(({ parkedReason }) => parkedReason ?? null),
      sagas.map(({ movedBy }) => movedBy),
      // A parked saga waits for ever.
      moves.map(({ saga, waitMs }) => waitMs ?? (hasEnded(saga) ? settleMs : aCenturyMs)),
      sagas.map(hasEnded),
      sagas.filter(hasEnded).flatMap(({ lockKeys }) => lockKeys),
    ],
  );
  return {
    written: new Set(rows.map(({ saga_id }) => saga_id)),
    released: rows.flatMap(({ keys, value }) => (keys && value !== null ? [{ keys, value }] : [])),
  };
}

const aCenturyMs = 100 * 365 * 24 * 3600 * 1000;

/** The end of these sagas has been published. */
export async function settleSagas(db: Database, sagaIds: readonly string[]): Promise<void> {
  await prepared(db, 'update saga set settled = true where saga_id = any(?::uuid[])', [sagaIds]);
}

/** Locks that live long enough to need their lease extended. */
export async function longHeldLocks(db: Database, heldForMs: number, limit: number): Promise<HeldLock[]> {
  return query<HeldLock>(
    db,
    `select array_agg(lock_key) as keys, redis_value as value from lock
     where acquired_at < now() - ? * interval '1 ms'
     group by saga_id, redis_value order by min(acquired_at) limit ?`,
    [heldForMs, limit],
  );
}

export async function findKeys(
  db: Database,
  keys: readonly { userId: string; key: string }[],
): Promise<Remembered[]> {
  return prepared<Remembered>(
    db,
    `select user_id as "userId", key, request_hash as "requestHash", saga_id as "sagaId"
     from idempotency_key join unnest(?::uuid[], ?::text[]) as asked (user_id, key) using (user_id, key)`,
    [keys.map(({ userId }) => userId), keys.map(({ key }) => key)],
  );
}

/** Those of these keys that a saga holds. */
export async function findLocked(db: Database, lockKeys: readonly string[]): Promise<Set<string>> {
  const rows = await prepared<{ lock_key: string }>(
    db,
    'select lock_key from lock where lock_key = any(?::text[])',
    [lockKeys],
  );
  return new Set(rows.map(({ lock_key }) => lock_key));
}

/** @throws when a saga is in flight whose definition isn't in this build: it would never end */
export async function checkDefinitions(
  db: Database,
  definitionOf: (saga: DefinitionKey) => unknown,
): Promise<void> {
  const inFlight = await query<DefinitionKey>(
    db,
    'select distinct type, definition_version as "definitionVersion" from saga where not settled',
  );
  for (const saga of inFlight) definitionOf(saga);
}
