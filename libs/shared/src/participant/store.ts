import type { Knex } from 'knex';
import type { CommandMessage } from '../contracts/protocol.ts';
import { inTransaction, type Statement, type Transaction } from '../database/query.ts';
import type { InboxRow, Stored } from './decide.ts';
import { inboxRows, pruneInbox, raiseFloor, readInbox } from './inbox.ts';

/** Where a participant keeps its rows and its inbox: Postgres in production, memory in the simulation. */
export type ParticipantStore<State> = {
  /** Runs `work` in one transaction: commits when it resolves, rolls back when it throws. */
  transaction: <Result>(work: (tx: ParticipantTransaction<State>) => Promise<Result>) => Promise<Result>;
  /** Turns away what is of sagas below `floor` from now on: they have all ended. */
  raiseFloor: (floor: number) => Promise<void>;
  /** Forgets some of what lies below the floor. */
  prune: () => Promise<void>;
};

export type ParticipantTransaction<State> = {
  readInbox: (ids: readonly string[]) => Promise<{ inbox: Map<string, Stored>; floor: number }>;
  load: (commands: readonly CommandMessage[]) => Promise<State>;
  /**
   * What it writes when it commits, in this order. It fails then, as `isInboxConflict` tells, where another has written one of
   * these rows since they were read.
   */
  writeInbox: (rows: readonly InboxRow[]) => Promise<void>;
  save: (state: State) => Promise<void>;
};

/** How a service loads and saves its rows. */
export type Rows<State> = {
  /** Loads and locks, in one order, the rows that these commands are about. */
  load: (tx: Transaction, commands: readonly CommandMessage[]) => Promise<State>;
  /** What writes what the handlers changed. */
  changes: (state: State) => Statement[];
};

export const postgresStore = <State>(db: Knex, rows: Rows<State>): ParticipantStore<State> => ({
  transaction: (work) => {
    const last: Statement[] = [];
    return inTransaction(
      db,
      (tx) =>
        work({
          readInbox: (ids) => readInbox(tx, ids),
          load: (commands) => rows.load(tx, commands),
          writeInbox: async (written) => void last.push(...inboxRows(written)),
          save: async (state) => void last.push(...rows.changes(state)),
        }),
      last,
    );
  },
  raiseFloor: (floor) => raiseFloor(db, floor),
  prune: () => pruneInbox(db),
});
