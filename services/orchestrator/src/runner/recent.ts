import { hasEnded } from '../engine/saga.ts';
import type { Move, StoredSaga } from './store.ts';

/**
 * The sagas that this instance has moved lately, as it left them: most replies come to the instance that sent the command,
 * and needn't read the row again. What another has made of a row meanwhile isn't here, so that what follows from these may
 * be wrong: a write of it fails by its version, and what finds nothing to do has to look at the row.
 *
 * Where a saga waits for more answers before anything is decided, it isn't written yet: it is, with the last of them, or when
 * the offsets of those that have come are about to be committed.
 */
export type RecentSagas = {
  get: (sagaId: string) => StoredSaga | undefined;
  wrote: (saga: StoredSaga) => void;
  /** It has moved, and its row hasn't. */
  moved: (move: Move) => void;
  unwritten: () => Move[];
  forget: (sagaId: string) => void;
};

/** @param max so many at most; those moved the longest ago go first */
export function recentSagas(max: number): RecentSagas {
  const sagas = new Map<string, { saga: StoredSaga; unwritten?: Move }>();
  const put = (entry: { saga: StoredSaga; unwritten?: Move }): void => {
    const { sagaId } = entry.saga;
    sagas.delete(sagaId);
    // Nothing is expected of it any more.
    if (hasEnded(entry.saga)) return;
    sagas.set(sagaId, entry);
    if (sagas.size > max) sagas.delete(sagas.keys().next().value as string);
  };
  return {
    get: (sagaId) => sagas.get(sagaId)?.saga,
    wrote: (saga) => put({ saga }),
    moved: (move) => put({ saga: move.saga, unwritten: move }),
    unwritten: () => [...sagas.values()].flatMap(({ unwritten }) => unwritten ?? []),
    forget: (sagaId) => sagas.delete(sagaId),
  };
}
