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

type LockRow = HeldLock & { sagaId: string; acquiredAt: number };

export const sagaTables = (): SagaTables => ({
  sagas: new Map(),
  unsettled: new Set(),
  locks: new Map(),
  keys: new Map(),
  lastNo: 0,
});
