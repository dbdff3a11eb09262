import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { prepared, query, type Statement, type Transaction } from '../database/query.ts';
import type { InboxRow, Stored } from './decide.ts';

/** One row a command: that it was processed and what went out for it, or its tombstone. */
export const inboxMigration = {
  name: '001-inbox',
  up: `
    create table inbox (
      id text primary key,
      saga_no bigint not null,
      stored jsonb
    );
    create index inbox_saga_no on inbox using brin (saga_no);

    create table inbox_floor (
      one boolean primary key default true check (one),
      floor bigint not null
    );
    insert into inbox_floor (floor) values (0);
  `,
};

/** Pages that are freed and used again hold old and new sagas in turn: a BRIN index would then find what is to go in all of them. */
export const inboxOrderMigration = {
  name: '004-inbox-order',
  up: 'drop index inbox_saga_no; create index inbox_saga_no on inbox (saga_no)',
};

/**
 * The known among `ids`, and the floor, from one snapshot: whoever sees rows missing because they were pruned sees the
 * floor that was raised before.
 */
export async function readInbox(
  db: Transaction,
  ids: readonly string[],
): Promise<{ inbox: Map<string, Stored>; floor: number }> {
  const rows = await prepared<{ floor: number; id: string | null; stored: Stored }>(
    db,
    `select floor, inbox.id, inbox.stored
     from inbox_floor left join inbox on inbox.id = any(?::text[])`,
    [ids],
  );
  const inbox = new Map<string, Stored>();
  for (const { id, stored } of rows) if (id !== null) inbox.set(id, stored);
  return { inbox, floor: rows[0]?.floor ?? 0 };
}

/** Fails with a unique violation where another instance has processed one of them since {@link readInbox}. */
export function inboxRows(rows: readonly InboxRow[]): Statement[] {
  if (rows.length === 0) return [];
  return [
    {
      sql: `insert into inbox (id, saga_no, stored)
     select * from unnest(?::text[], ?::bigint[], ?::jsonb[])`,
      bindings: [
        rows.map(({ id }) => id),
        rows.map(({ sagaNo }) => sagaNo),
        rows.map(({ stored }) => stored && JSON.stringify(stored)),
      ],
    },
  ];
}

export const isInboxConflict = (error: unknown): boolean => {
  const { code, constraint } = (error ?? {}) as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'inbox_pkey';
};

/** Turns away the commands of sagas below `floor` from now on. What is remembered of them goes by and by: {@link pruneInbox}. */
export async function raiseFloor(db: Knex, floor: number): Promise<void> {
  await query(db, 'update inbox_floor set floor = ? where floor < ?', [floor, floor]);
}

/** So many rows at a time, so that no transaction is long. */
const pruneBatch = 5_000;

/**
 * Drops some of what lies below the floor, the oldest first.
 *
 * A batch that read the old floor, and hangs, may still come to write: it must find the rows that it hasn't seen. So
 * nothing is dropped before every transaction that is older than this look at the floor has ended; where one lasts, it
 * is for the next time.
 */
export async function pruneInbox(db: Knex): Promise<void> {
  const [due] = await query<{ floor: number; now: string }>(
    db,
    `select floor, clock_timestamp()::text as now from inbox_floor
     where exists (select from inbox where saga_no < floor)`,
  );
  if (!due || !(await transactionsEnd(db, due.now))) return;
  await query(
    db,
    `delete from inbox where ctid = any(array(
       select ctid from inbox where saga_no < ? order by saga_no limit ? for update skip locked))`,
    [due.floor, pruneBatch],
  );
}

/** Whether all of this service's transactions that began before `began` end within two seconds. */
async function transactionsEnd(db: Knex, began: string): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const older = await query(
      db,
      `select from pg_stat_activity
       where usename = current_user and datname = current_database() and pid <> pg_backend_pid()
         and xact_start < ?::timestamptz limit 1`,
      [began],
    );
    if (older.length === 0) return true;
    await sleep(100);
  }
  return false;
}
