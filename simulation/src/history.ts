import type { Cause, Handler, InboxRow } from '@holdfast/shared/participant/decide';
import type { ParticipantStore } from '@holdfast/shared/participant/store';
import type { MemoryRows } from './participants/store.ts';
import type { Transaction } from './world/database.ts';

/** What handlers have done, and committed, in the order of the commits. */
export type Deed = {
  /** The action's command id, also for a compensation of it. */
  of: string;
  what: 'done' | 'undone' | 'tombstone';
  sagaNo: number;
  /** Those that it takes. */
  seats?: readonly string[] | undefined;
};

export type History = { deeds: Deed[] };

/**
 * Wraps a participant's handlers and rows, so that whatever runs is written down when it commits, however the inbox
 * has decided.
 */
export function recorded<State extends object>(
  history: History,
  handlers: readonly Handler<State>[],
  rows: MemoryRows<State>,
): { handlers: readonly Handler<State>[]; rows: MemoryRows<State> } {
  const byState = new WeakMap<State, Deed[]>();
  const note = (state: State, deed: Deed): void => {
    const deeds = byState.get(state) ?? [];
    byState.set(state, [...deeds, deed]);
  };
  const wrapped = handlers.map((handler): Handler<State> => {
    if (handler.kind === 'compensation')
      return {
        ...handler,
        run: (state: State, payload: never, cause: Cause & { undoes: string }) => {
          const undone = handler.run(state, payload, cause);
          if (undone.effect === 'undone')
            note(state, { of: cause.undoes, what: 'undone', sagaNo: cause.sagaNo });
          return undone;
        },
      };
    if (handler.kind === 'read') return handler;
    return {
      ...handler,
      run: (state: State, payload: never, cause: Cause) => {
        const answer = handler.run(state, payload, cause);
        const { concertSeatIds: seats } = payload as { concertSeatIds?: string[] };
        if ('done' in answer) note(state, { of: cause.id, what: 'done', sagaNo: cause.sagaNo, seats });
        return answer;
      },
    };
  });
  const save = (tx: Transaction, state: State): void => {
    rows.save(tx, state);
    tx.write(() => history.deeds.push(...(byState.get(state) ?? [])));
  };
  return { handlers: wrapped, rows: { load: rows.load, save } };
}

/** The tombstones as the decision makes them, whether or not the inbox keeps them. */
export const withTombstones = <State>(
  history: History,
  store: ParticipantStore<State>,
): ParticipantStore<State> => ({
  ...store,
  transaction: async (work) => {
    let tombstones: Deed[] = [];
    const result = await store.transaction((tx) =>
      work({
        ...tx,
        writeInbox: (rows: readonly InboxRow[]) => {
          tombstones = rows.flatMap(({ id, sagaNo, stored }) =>
            stored === null ? [{ of: id, what: 'tombstone', sagaNo }] : [],
          );
          return tx.writeInbox(rows);
        },
      }),
    );
    history.deeds.push(...tombstones);
    return result;
  },
});
