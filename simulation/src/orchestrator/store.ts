import { hasEnded } from '@holdfast/orchestrator/engine/saga';
import type { Move, NewSaga, SagaStore, Saved, StoredSaga } from '@holdfast/orchestrator/runner/store';
import type { Database, Transaction } from '../world/database.ts';
import type { Process, World } from '../world/world.ts';
import { heldLocks, type SagaTables } from './tables.ts';

const settleMs = 500;

/** What services/orchestrator/src/runner/rows.ts does in SQL. */
export function sagaStore(
  { world, database, tables }: { world: World; database: Database; tables: SagaTables },
  process: Process,
): SagaStore {
  const loaded = (sagaIds: readonly string[]): Map<string, StoredSaga> =>
    new Map(
      sagaIds.flatMap((id) => {
        const saga = tables.sagas.get(id);
        return saga ? [[id, saga]] : [];
      }),
    );

  async function save(tx: Transaction, moves: readonly Move[]): Promise<Saved> {
    const written = new Set<string>();
    if (moves.length === 0) return { written, released: [] };
    const over = new Set<string>();
    await tx.statement();
    for (const { saga, waitMs } of moves) {
      await tx.lock(`saga ${saga.sagaId}`);
      const row = tables.sagas.get(saga.sagaId);
      if (row?.version !== saga.version) continue;
      written.add(saga.sagaId);
      const ended = hasEnded(saga);
      const deadlineAt = world.now() + (waitMs ?? (ended ? settleMs : Number.POSITIVE_INFINITY));
      const endedAt = ended ? new Date(world.now()) : null;
      // `settled` is another statement's column: an update that came in between stays.
      tx.write(() => {
        const settled = tables.sagas.get(saga.sagaId)?.settled ?? false;
        tables.sagas.set(saga.sagaId, { ...saga, version: saga.version + 1, endedAt, settled, deadlineAt });
      });
      if (ended) over.add(saga.sagaId);
    }
    const locks = [...tables.locks.values()].filter(({ sagaId }) => over.has(sagaId));
    for (const { key } of locks) tx.write(() => tables.locks.delete(key));
    return { written, released: heldLocks(locks) };
  }

  async function insert(tx: Transaction, sagas: readonly NewSaga[]): Promise<Map<string, number>> {
    const numbers = new Map<string, number>();
    const now = world.now();
    const taken = new Set<string>();
    await tx.statement();
    const won = await insertLocks(tx, sagas);
    for (const { saga, lockKeys, lockValue, instance, waitMs, idempotency } of sagas) {
      if (!won.has(saga.sagaId)) continue;
      const name = idempotency && `${saga.userId} ${idempotency.key}`;
      if (name !== undefined) {
        await tx.lock(`key ${name}`);
        if (tables.keys.has(name) || taken.has(name)) continue;
        taken.add(name);
      }
      const sagaNo = ++tables.lastNo;
      numbers.set(saga.sagaId, sagaNo);
      tx.write(() => {
        for (const key of lockKeys)
          tables.locks.set(key, { key, value: lockValue, sagaId: saga.sagaId, acquiredAt: now });
        if (idempotency && name !== undefined)
          tables.keys.set(name, { userId: saga.userId, ...idempotency, sagaId: saga.sagaId });
        tables.unsettled.add(saga.sagaId);
        tables.sagas.set(saga.sagaId, {
          ...saga,
          sagaNo,
          version: 1,
          movedBy: null,
          lockKeys,
          instance,
          startedAt: new Date(now),
          endedAt: null,
          settled: false,
          deadlineAt: now + waitMs,
        });
      });
    }
    return numbers;
  }

  /** In one order of the keys. @returns the sagas that have all of theirs */
  async function insertLocks(tx: Transaction, sagas: readonly NewSaga[]): Promise<Set<string>> {
    const won = new Set(sagas.map(({ saga }) => saga.sagaId));
    const taken = new Set<string>();
    for (const { key, sagaId } of inOrder(sagas)) {
      // A unique key: whoever is about to insert it is waited for.
      await tx.lock(`lock ${key}`);
      if (tables.locks.has(key) || taken.has(key)) won.delete(sagaId);
      taken.add(key);
    }
    return won;
  }

  function overdue(tx: Transaction, limit: number): StoredSaga[] {
    const taken: StoredSaga[] = [];
    for (const id of tables.unsettled) {
      const saga = tables.sagas.get(id);
      if (taken.length === limit) break;
      if (saga && saga.deadlineAt <= world.now() && tx.tryLock(`saga ${id}`)) taken.push(saga);
    }
    return taken;
  }

  return {
    begin: (sagas) => database.transaction(process, (tx) => insert(tx, sagas)),
    save: (moves) => database.transaction(process, (tx) => save(tx, moves)),
    moveOverdue: (_, limit, decide) =>
      database.transaction(process, async (tx) => {
        await tx.statement();
        return save(tx, decide(overdue(tx, limit)));
      }),
    settle: async (sagaIds) => {
      await database.transaction(process, async (tx) => {
        await tx.statement();
        for (const id of sagaIds) await tx.lock(`saga ${id}`);
        tx.write(() => {
          for (const id of sagaIds) {
            const saga = tables.sagas.get(id);
            if (saga) tables.sagas.set(id, { ...saga, settled: true });
            tables.unsettled.delete(id);
          }
        });
      });
    },
    load: async (sagaIds) => {
      await world.latency(process);
      return loaded(sagaIds);
    },
    findKeys: async (keys) => {
      await world.latency(process);
      return keys.flatMap(({ userId, key }) => tables.keys.get(`${userId} ${key}`) ?? []);
    },
    findLocked: async (lockKeys) => {
      await world.latency(process);
      return new Set(lockKeys.filter((key) => tables.locks.has(key)));
    },
  };
}

const inOrder = (sagas: readonly NewSaga[]): { key: string; sagaId: string }[] =>
  sagas
    .flatMap(({ saga: { sagaId }, lockKeys }) => lockKeys.map((key) => ({ key, sagaId })))
    .sort((a, b) => (`${a.key} ${a.sagaId}` < `${b.key} ${b.sagaId}` ? -1 : 1));
