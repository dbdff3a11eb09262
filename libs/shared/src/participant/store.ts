import type { Knex } from 'knex';
import type { CommandMessage } from '../contracts/protocol.ts';
import { inTransaction, type Transaction } from '../database/query.ts';
import type { InboxRow, Stored } from './decide.ts';
import { raiseFloor, readInbox, writeInbox } from './inbox.ts';

/** Where a participant keeps its rows and its inbox: Postgres in production, memory in the simulation. */
export type ParticipantStore<State> = {
  /** Runs `work` in one transaction: commits when it resolves, rolls back when it throws. */
  transaction: <Result>(work: (tx: ParticipantTransaction<State>) => Promise<Result>) => Promise<Result>;
  /** Forgets sagas below `floor`: they have all ended. */
  raiseFloor: (floor: number) => Promise<void>;
};

export type ParticipantTransaction<State> = {
  readInbox: (ids: readonly string[]) => Promise<{ inbox: Map<string, Stored>; floor: number }>;
  /** Fails, as `isInboxConflict` tells, where another has written one of them since they were read. */
  writeInbox: (rows: readonly InboxRow[]) => Promise<void>;
  load: (commands: readonly CommandMessage[]) => Promise<State>;
  save: (state: State) => Promise<void>;
};

/** How a service loads and saves its rows. */
export type Rows<State> = {
  /** Loads and locks, in one order, the rows that these commands are about. */
  load: (tx: Transaction, commands: readonly CommandMessage[]) => Promise<State>;
  /** Writes what the handlers changed. */
  save: (tx: Transaction, state: State) => Promise<void>;
};

export const postgresStore = <State>(db: Knex, rows: Rows<State>): ParticipantStore<State> => ({
  transaction: (work) =>
    inTransaction(db, (tx) =>
      work({
        readInbox: (ids) => readInbox(tx, ids),
        writeInbox: (written) => writeInbox(tx, written),
        load: (commands) => rows.load(tx, commands),
        save: (state) => rows.save(tx, state),
      }),
    ),
  raiseFloor: (floor) => raiseFloor(db, floor),
});
