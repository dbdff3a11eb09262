import { every } from '@holdfast/shared/process/every';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { hasEnded, type Saga } from '../engine/saga.ts';
import type { StoredSaga } from './store.ts';

/**
 * The clients that wait for the end of a saga. Whichever instance ends it tells the one that has the client, by Redis
 * pub/sub; for messages that get lost, a look at the rows of all that are waited for, at intervals.
 */
export type Clients = {
  /** Resolves with the saga once it has ended or was parked; with undefined when `ms` have passed, if any are given. */
  wait: (sagaId: string, ms?: number) => Promise<Saga | undefined>;
  /** Tells whoever waits for these that they have ended or were parked. */
  ended: (sagas: readonly StoredSaga[]) => void;
  /** Nobody waits any longer, now or later: the process is stopping, and another will end their sagas. */
  letGo: () => void;
  stop: () => Promise<void>;
};

const lookEveryMs = 250;

export function waitingClients({
  redis,
  subscriber,
  instance,
  prefix,
  loadOver,
  log,
}: {
  redis: Redis;
  /** A connection of its own: one that subscribes can do nothing else. */
  subscriber: Redis;
  instance: string;
  prefix: string;
  /** Of these sagas those that have been over for at least so many ms. */
  loadOver: (sagaIds: string[], ms: number) => Promise<Map<string, Saga>>;
  log: Logger;
}): Clients {
  const waiting = new Map<string, Set<(saga: Saga | undefined) => void>>();
  let lettingGo = false;
  const channel = (of: string): string => `${prefix}saga-ended:${of}`;

  const resolve = (saga: Saga): void => {
    for (const done of waiting.get(saga.sagaId) ?? []) done(saga);
  };
  const look = async (sagaIds: string[], overForMs: number): Promise<void> => {
    const wanted = sagaIds.filter((id) => waiting.has(id));
    if (wanted.length === 0) return;
    for (const saga of (await loadOver(wanted, overForMs)).values()) resolve(saga);
  };

  // Not awaited: where Redis is away the look at the rows does without it.
  subscriber.subscribe(channel(instance)).catch((error) => log.warn({ err: error }, 'not subscribed'));
  subscriber.on('message', (_channel, sagaIds) => {
    look(sagaIds.split(','), 0).catch((error) => log.warn({ err: error }, 'waiting clients: rows not read'));
  });
  // Never two looks at once: each takes a connection, and where they are slow there would soon be none left.
  // An end that is young is left to whoever tells of it, once its locks are given back: its client mustn't meet them.
  const looks = every(
    lookEveryMs,
    'look for waiting clients',
    () => look([...waiting.keys()], lookEveryMs),
    log,
  );

  return {
    wait: (sagaId, ms) =>
      new Promise((done) => {
        const waiters = waiting.get(sagaId) ?? new Set();
        const finish = (saga: Saga | undefined): void => {
          clearTimeout(patience);
          waiters.delete(finish);
          if (waiters.size === 0) waiting.delete(sagaId);
          done(saga);
        };
        const limit = lettingGo ? 0 : ms;
        const patience = limit === undefined ? undefined : setTimeout(finish, limit, undefined);
        waiters.add(finish);
        waiting.set(sagaId, waiters);
      }),
    ended: (sagas) => {
      const elsewhere = new Map<string, string[]>();
      for (const saga of sagas) {
        if (saga.instance === instance) resolve(saga);
        else elsewhere.set(saga.instance, [...(elsewhere.get(saga.instance) ?? []), saga.sagaId]);
      }
      for (const [other, sagaIds] of elsewhere)
        redis
          .publish(channel(other), sagaIds.join(','))
          .catch((error) => log.debug({ err: error }, 'not told'));
    },
    letGo: () => {
      lettingGo = true;
      for (const waiters of waiting.values()) for (const done of waiters) done(undefined);
    },
    stop: looks.stop,
  };
}

/** Nothing more happens to it by itself. */
export const isOver = (saga: Saga): boolean => hasEnded(saga) || saga.status === 'PARKED';
