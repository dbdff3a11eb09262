import { type Database, query } from '@holdfast/shared/database/query';
import type { Static } from 'typebox';
import {
  type LetterFilter,
  type LetterRow,
  letterColumns,
  type RecordRow,
  recordColumns,
  whereOf,
} from './rows.ts';
import type { LetterGroup, LetterStatus } from './shapes.ts';

type Listing = LetterFilter & { status: readonly LetterStatus[] };

/** Letters after `after` in the order asked for. */
export async function listLetters(
  db: Database,
  filter: Listing,
  page: { order: 'newest' | 'oldest'; after: number | undefined; limit: number },
): Promise<LetterRow[]> {
  const { sql, bindings } = whereOf(filter);
  const newest = page.order === 'newest';
  const after = page.after ?? (newest ? Number.MAX_SAFE_INTEGER : 0);
  return query<LetterRow>(
    db,
    `select ${letterColumns} from dead_letter
     where ${sql} and status = any(?::text[]) and letter_id ${newest ? '<' : '>'} ?
     order by letter_id ${newest ? 'desc' : 'asc'} limit ?`,
    [...bindings, filter.status, after, page.limit],
  );
}

const maxGroups = 200;

/** The largest groups of the same error, and how many letters there are in all. */
export async function groupLetters(
  db: Database,
  filter: Listing,
): Promise<{ items: Static<typeof LetterGroup>[]; total: number }> {
  const { sql, bindings } = whereOf(filter);
  const rows = await query<{
    error_group: string;
    topic: string;
    consumer_group: string;
    error_class: string;
    error_message: string;
    stack_hash: string;
    types: (string | null)[];
    count: number;
    oldest: Date;
    newest: Date;
    newest_id: number;
    max_replays: number;
    total: number;
  }>(
    db,
    `select g.*, newest.topic, newest.consumer_group, newest.error_class, newest.error_message, newest.stack_hash
     from (
       select error_group, count(*)::int as count, min(last_failure) as oldest, max(last_failure) as newest,
              max(letter_id) as newest_id, max(replays) as max_replays, (array_agg(distinct type))[1:10] as types,
              (sum(count(*)) over ())::int as total
       from dead_letter where ${sql} and status = any(?::text[])
       group by error_group
       order by count(*) desc, error_group limit ?
     ) g
     join dead_letter newest on newest.letter_id = g.newest_id
     order by g.count desc, g.error_group`,
    [...bindings, filter.status, maxGroups],
  );
  return {
    total: rows[0]?.total ?? 0,
    items: rows.map((row) => ({
      errorGroup: row.error_group,
      topic: row.topic,
      consumerGroup: row.consumer_group,
      error: { class: row.error_class, message: row.error_message, stackHash: row.stack_hash },
      types: row.types.filter((type) => type !== null),
      count: row.count,
      oldest: row.oldest.toISOString(),
      newest: row.newest.toISOString(),
      newestLetterId: row.newest_id,
      maxReplays: row.max_replays,
    })),
  };
}

/** A letter with its record, which may be large. */
export type WholeLetter = LetterRow & RecordRow;

export async function loadLetter(db: Database, letterId: number): Promise<WholeLetter | undefined> {
  const [row] = await query<WholeLetter>(
    db,
    `select ${letterColumns}, ${recordColumns} from dead_letter where letter_id = ?`,
    [letterId],
  );
  return row;
}
