import { hasEnded } from '@holdfast/orchestrator/engine/saga';
import type {
  HeldLock,
  Move,
  NewSaga,
  SagaStore,
  Saved,
  StoredSaga,
} from '@holdfast/orchestrator/runner/store';
import type { Database, Transaction } from '../world/database.ts';
import type { Process, World } from '../world/world.ts';
import type { SagaTables } from './tables.ts';

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
    const released: HeldLock[] = [];
    if (moves.length === 0) return { written, released };
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
      if (!ended) continue;
      for (const lock of tables.locks.values()) {
        if (lock.sagaId !== saga.sagaId) continue;
        released.push({ key: lock.key, value: lock.value });
        tx.write(() => tables.locks.delete(lock.key));
      }
    }
    return { written, released };
  }

  async function insert(tx: Transaction, sagas: readonly NewSaga[]): Promise<Map<string, number>> {
    const numbers = new Map<string, number>();
    const now = world.now();
    const taken = new Set<string>();
    await tx.statement();
    for (const { saga, lockKey, lockValue, instance, waitMs, idempotency } of byLockKey(sagas)) {
      // A unique key: whoever is about to insert it is waited for.
      await tx.lock(`lock ${lockKey}`);
      if (tables.locks.has(lockKey) || taken.has(lockKey)) continue;
      const name = idempotency && `${saga.userId} ${idempotency.key}`;
      if (name !== undefined) {
        await tx.lock(`key ${name}`);
        if (tables.keys.has(name) || taken.has(name)) continue;
        taken.add(name);
      }
      taken.add(lockKey);
      const sagaNo = ++tables.lastNo;
      numbers.set(saga.sagaId, sagaNo);
      tx.write(() => {
        tables.locks.set(lockKey, { key: lockKey, value: lockValue, sagaId: saga.sagaId, acquiredAt: now });
        if (idempotency && name !== undefined)
          tables.keys.set(name, { userId: saga.userId, ...idempotency, sagaId: saga.sagaId });
        tables.unsettled.add(saga.sagaId);
        tables.sagas.set(saga.sagaId, {
          ...saga,
          sagaNo,
          version: 1,
          movedBy: null,
          lockKey,
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
    begin: (sagas, beforeCommit) =>
      database.transaction(process, async (tx) => {
        const numbers = await insert(tx, sagas);
        await beforeCommit();
        return numbers;
      }),
    move: (sagaIds, decide, beforeCommit) =>
      database.transaction(process, async (tx) => {
        await tx.statement();
        const moves = decide(loaded(sagaIds));
        const saved = await save(tx, moves);
        await beforeCommit(moves);
        return saved;
      }),
    moveOverdue: (limit, decide) =>
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
  };
}

const byLockKey = (sagas: readonly NewSaga[]): NewSaga[] =>
  [...sagas].sort((a, b) => (a.lockKey < b.lockKey ? -1 : a.lockKey > b.lockKey ? 1 : 0));
