import { inTransaction } from '@holdfast/shared/database/query';
import type { ReceivedReply } from '@holdfast/shared/messaging/protocol';
import type { Knex } from 'knex';
import type { Saga } from '../engine/saga.ts';
import type { DefinitionKey } from '../sagas/definitions.ts';
import { findKeys, findLocked, insertSagas, loadSagas, saveSagas, settleSagas, takeOverdue } from './rows.ts';

/** A saga with what its row says besides. */
export type StoredSaga = Saga & {
  version: number;
  /** The record (`partition:offset`) that moved it last. */
  movedBy: string | null;
  lockKeys: string[];
  /** Which instance has the client that waits for it. */
  instance: string;
  startedAt: Date;
  endedAt: Date | null;
  /** Its end has been published. */
  settled: boolean;
};

/** A saga that wants to begin. Its number isn't drawn yet. */
export type NewSaga = {
  saga: Saga;
  lockKeys: string[];
  lockValue: string;
  instance: string;
  waitMs: number;
  idempotency: { key: string; requestHash: string } | undefined;
};

/** `from` is the saga as it was before. */
export type Move = { saga: StoredSaga; from: StoredSaga; waitMs: number | null };

/** A saga's lock in Redis: its keys, all taken at once, and the value that proves whose they are. */
export type HeldLock = { keys: string[]; value: string };

/** The record that carried a reply, as {@link StoredSaga.movedBy} names it. */
export const recordOf = ({ partition, offset }: Pick<ReceivedReply, 'partition' | 'offset'>): string =>
  `${partition}:${offset}`;

/** The saga that a user's key began before, if any. */
export type Remembered = { userId: string; key: string; requestHash: string; sagaId: string };

export type Saved = {
  /** Those that were written; the others were moved by another since they were read. */
  written: Set<string>;
  /** The locks of those that have ended. */
  released: HeldLock[];
};

/** Where sagas are kept. Each call is one transaction. */
export type SagaStore = {
  /** @returns the numbers of those that have begun; of the others' locks one, or their key, is another's */
  begin: (sagas: readonly NewSaga[]) => Promise<Map<string, number>>;
  load: (sagaIds: readonly string[]) => Promise<Map<string, StoredSaga>>;
  /** Writes sagas that have moved, those that nobody else has moved since they were read. */
  save: (moves: readonly Move[]) => Promise<Saved>;
  /**
   * Loads those whose time has run out, and ended ones of which nobody knows whether the end was published, and writes
   * what `decide` makes of them; by these definitions only, for others are for another build.
   */
  moveOverdue: (
    definitions: readonly DefinitionKey[],
    limit: number,
    decide: (overdue: StoredSaga[]) => readonly Move[],
  ) => Promise<Saved>;
  /** The end of these sagas has been published. */
  settle: (sagaIds: readonly string[]) => Promise<void>;
  /** What has begun by these keys. */
  findKeys: (keys: readonly { userId: string; key: string }[]) => Promise<Remembered[]>;
  /** Those of these keys that a saga holds. */
  findLocked: (lockKeys: readonly string[]) => Promise<Set<string>>;
};

export const postgresStore = (db: Knex): SagaStore => ({
  begin: (sagas) => insertSagas(db, sagas),
  load: (sagaIds) => loadSagas(db, sagaIds),
  save: (moves) => saveSagas(db, moves),
  moveOverdue: (definitions, limit, decide) =>
    inTransaction(db, async (tx) => saveSagas(tx, decide(await takeOverdue(tx, definitions, limit)))),
  settle: (sagaIds) => settleSagas(db, sagaIds),
  findKeys: (keys) => findKeys(db, keys),
  findLocked: (lockKeys) => findLocked(db, lockKeys),
});
