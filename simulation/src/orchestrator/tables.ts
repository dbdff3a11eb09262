import type { HeldLock, StoredSaga } from '@holdfast/orchestrator/runner/store';

/** The orchestrator's committed rows. */
export type SagaTables = {
  sagas: Map<string, StoredSaga & { deadlineAt: number }>;
  /** Ids of the sagas that aren't settled. */
  unsettled: Set<string>;
  locks: Map<string, LockRow>;
  keys: Map<string, { userId: string; key: string; requestHash: string; sagaId: string }>;
  /** Of the last number drawn. A sequence: what rolls back leaves a gap. */
  lastNo: number;
};

/** One a key. */
type LockRow = { key: string; value: string; sagaId: string; acquiredAt: number };

/** Rows as the lock that they are together, one a saga. */
export function heldLocks(rows: Iterable<LockRow>): HeldLock[] {
  const bySaga = new Map<string, HeldLock>();
  for (const { key, value, sagaId } of rows)
    bySaga.set(sagaId, { keys: [...(bySaga.get(sagaId)?.keys ?? []), key], value });
  return [...bySaga.values()];
}

export const sagaTables = (): SagaTables => ({
  sagas: new Map(),
  unsettled: new Set(),
  locks: new Map(),
  keys: new Map(),
  lastNo: 0,
});
