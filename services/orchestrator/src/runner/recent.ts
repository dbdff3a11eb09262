import { hasEnded } from '../engine/saga.ts';
import type { StoredSaga } from './store.ts';

/**
 * The sagas that this instance has written lately, as it wrote them: most replies come to the instance that sent the command,
 * and needn't read the row again. What another has made of a row meanwhile isn't here, so that what follows from these may
 * be wrong: a write of it fails by its version, and what finds nothing to do has to look at the row.
 */
export type RecentSagas = {
  get: (sagaId: string) => StoredSaga | undefined;
  wrote: (saga: StoredSaga) => void;
  forget: (sagaId: string) => void;
};

/** @param max so many at most; those written the longest ago go first */
export function recentSagas(max: number): RecentSagas {
  const sagas = new Map<string, StoredSaga>();
  return {
    get: (sagaId) => sagas.get(sagaId),
    wrote: (saga) => {
      sagas.delete(saga.sagaId);
      // Nothing is expected of it any more.
      if (hasEnded(saga)) return;
      sagas.set(saga.sagaId, saga);
      if (sagas.size > max) sagas.delete(sagas.keys().next().value as string);
    },
    forget: (sagaId) => sagas.delete(sagaId),
  };
}
