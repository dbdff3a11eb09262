import { hasEnded } from '@holdfast/orchestrator/engine/saga';
import type { Runner } from '@holdfast/orchestrator/runner/run';
import type { SagaStore } from '@holdfast/orchestrator/runner/store';
import type { ParticipantStore, ParticipantTransaction } from '@holdfast/shared/participant/store';
import type { SagaTables } from './orchestrator/tables.ts';
import type { ReservationTables } from './participants/reservation.ts';
import type { Database } from './world/database.ts';
import type { Process, World } from './world/world.ts';

/** A rule of the protocol that is broken on purpose, between the production code and what it runs on. */
export type Mutation = {
  database?: (database: Database, world: World) => Database;
  sagaStore?: (store: SagaStore, tables: SagaTables, flushLocks: () => void) => SagaStore;
  participantStore?: <State>(
    store: ParticipantStore<State>,
    at: { world: World; process: Process },
  ) => ParticipantStore<State>;
  replies?: (handle: Runner['onReplies'], tables: SagaTables) => Runner['onReplies'];
  /** Before a batch reads them. */
  reservations?: (tables: ReservationTables) => void;
  /** What else it breaks, and isn't looked for. */
  ignore?: RegExp;
};

const changingInbox =
  (change: <State>(tx: ParticipantTransaction<State>) => Partial<ParticipantTransaction<State>>) =>
  <State>(store: ParticipantStore<State>): ParticipantStore<State> => ({
    ...store,
    transaction: (work) => store.transaction((tx) => work({ ...tx, ...change(tx) })),
  });

function withoutDurableLock(store: SagaStore): SagaStore {
  return {
    ...store,
    begin: (sagas) =>
      store.begin(
        sagas.map((one) => ({ ...one, lockKeys: one.lockKeys.map((key) => `${key} ${one.saga.sagaId}`) })),
      ),
  };
}

export const withoutFence: Mutation = {
  reservations: ({ seats }) => {
    for (const [id, seat] of seats) if (seat.fence > 0) seats.set(id, { ...seat, fence: 0 });
  },
};

/** No rule is broken: transactions of the reservation service hang, before they have locked a row, until all is forgotten. */
export const hanging: Mutation = {
  participantStore: (store, { world, process }) => ({
    ...store,
    transaction: (work) =>
      store.transaction((tx) =>
        work({
          ...tx,
          load: async (commands) => {
            const hangs = process.service === 'reservation' && world.random.chance(0.05);
            if (hangs) await world.sleep(process, world.random.between(2_500, 4_000));
            return tx.load(commands);
          },
        }),
      ),
  }),
};

/** Tombstones are pruned under transactions that hang. Besides what is looked for it does other harm (docs/spec). */
export const prunedUnderHanging: Mutation = {
  ...hanging,
  database: (database) => ({ ...database, olderEnd: async () => true }),
  ignore: /^(?!.*took the seat after a later saga had)/,
};

export const mutations = {
  'no inbox': {
    // Whether an action was there to be undone is still known, but a duplicate isn't.
    participantStore: changingInbox((tx) => ({
      readInbox: async (ids) => {
        const { inbox, floor } = await tx.readInbox(ids);
        const actionsOfUndos = ids.filter((id) => id.endsWith('/do') && ids.includes(undoOf(id)));
        return { inbox: new Map([...inbox].filter(([id]) => actionsOfUndos.includes(id))), floor };
      },
      writeInbox: async (rows) => {
        const { inbox } = await tx.readInbox(rows.map(({ id }) => id));
        const first = new Map(rows.map((row) => [row.id, row]));
        await tx.writeInbox([...first.values()].filter(({ id }) => !inbox.has(id)));
      },
    })),
  },
  'no tombstone': {
    participantStore: changingInbox((tx) => ({
      writeInbox: (rows) => tx.writeInbox(rows.filter(({ stored }) => stored !== null)),
    })),
  },
  'no durable lock': { sagaStore: withoutDurableLock },
  "lock released before the compensation's end": {
    sagaStore: (store, tables, flushLocks) => ({
      ...store,
      save: async (moves) => {
        const saved = await store.save(moves);
        for (const { key, sagaId } of tables.locks.values())
          if (saved.written.has(sagaId) && tables.sagas.get(sagaId)?.status === 'COMPENSATING') {
            tables.locks.delete(key);
            flushLocks();
          }
        return saved;
      },
    }),
  },
  'publish before commit': {
    database: (database, world) => ({
      ...database,
      // Whoever waits for the commit goes on once it is asked for.
      transaction: (process, work) =>
        new Promise((resolve, reject) => {
          database
            .transaction(process, async (tx) => {
              const result = await work(tx);
              resolve(result);
              await world.latency(process);
              return result;
            })
            .catch(reject);
        }),
    }),
  },
  'a reply moves whatever step is current': {
    replies: (handle, tables) => (replies) =>
      handle(
        replies.map((reply) => {
          const saga = tables.sagas.get(reply.sagaId);
          const step = saga?.type === 'pay' && !hasEnded(saga) ? currentStep(saga.steps) : -1;
          return step < 0 || reply.action === 'undo'
            ? reply
            : { ...reply, step: paySteps[step] ?? reply.step };
        }),
      ),
  },
  'no fence, and pruned under a transaction that hangs': { ...prunedUnderHanging, ...withoutFence },
  'a parked saga gives its seat up': {
    sagaStore: (store, tables) => ({
      ...store,
      moveOverdue: async (definitions, limit, decide) => {
        const saved = await store.moveOverdue(definitions, limit, decide);
        for (const { key, sagaId } of tables.locks.values())
          if (tables.sagas.get(sagaId)?.status === 'PARKED') tables.locks.delete(key);
        return saved;
      },
    }),
  },
  'an acknowledgement of a parked saga is dropped': {
    replies: (handle, tables) => (replies) =>
      handle(replies.filter(({ sagaId }) => tables.sagas.get(sagaId)?.status !== 'PARKED')),
  },
} satisfies Record<string, Mutation>;

const paySteps = [
  'verify-token',
  'load-reservation',
  'load-balance',
  'deduct-balance',
  'create-payment',
  'confirm-reservation',
];

const currentStep = (steps: readonly { status: string }[]): number =>
  steps.findIndex(({ status }) => status === 'SENT');

const undoOf = (id: string): string => `${id.slice(0, -'do'.length)}undo`;
