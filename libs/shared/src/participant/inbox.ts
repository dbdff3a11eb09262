import type { Knex } from 'knex';
import { query } from '../database/query.ts';
import type { InboxRow, Stored } from './decide.ts';

/**
 * One row a command: that it was processed and what went out for it, or its tombstone. Rows come in about the order of
 * their sagas' numbers, so that a BRIN index finds those below the floor for next to nothing.
 */
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

/**
 * The known among `ids`, and the floor, from one snapshot: whoever sees rows missing because they were pruned sees the
 * floor that was raised before.
 */
export async function readInbox(
  db: Knex.Transaction,
  ids: readonly string[],
): Promise<{ inbox: Map<string, Stored>; floor: number }> {
  const rows = await query<{ floor: number; id: string | null; stored: Stored }>(
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
export async function writeInbox(db: Knex.Transaction, rows: readonly InboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await query(
    db,
    `insert into inbox (id, saga_no, stored)
     select * from unnest(?::text[], ?::bigint[], ?::jsonb[])`,
    [
      rows.map(({ id }) => id),
      rows.map(({ sagaNo }) => sagaNo),
      rows.map(({ stored }) => stored && JSON.stringify(stored)),
    ],
  );
}

export const isInboxConflict = (error: unknown): boolean => {
  const { code, constraint } = (error ?? {}) as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'inbox_pkey';
};

/** Raises the floor, then drops what lies below it, some thousand rows at a time so that no transaction is long. */
export async function raiseFloor(db: Knex, floor: number): Promise<void> {
  await query(db, 'update inbox_floor set floor = ? where floor < ?', [floor, floor]);
  let dropped: unknown[];
  do {
    dropped = await query(
      db,
      `delete from inbox where ctid = any(array(
         select inbox.ctid from inbox where saga_no < (select floor from inbox_floor) limit 5000))
       returning 1`,
    );
  } while (dropped.length === 5000);
}
