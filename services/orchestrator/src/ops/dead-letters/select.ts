import { type Database, query } from '@holdfast/shared/database/query';
import { whereOf } from './rows.ts';
import type { LetterSelection, LetterStatus } from './shapes.ts';

/** One that was sent again so often goes in circles: it is to be edited or discarded. */
export const maxReplays = 10;

/** By number also ones that were dealt with before: whoever names a letter means it. */
const replayable = ({ letterIds }: LetterSelection): LetterStatus[] =>
  letterIds ? ['OPEN', 'REPLAYED', 'DISCARDED'] : ['OPEN'];

/** The condition for letters of a selection that can be replayed. */
export function replayableWhere(select: LetterSelection): { sql: string; bindings: unknown[] } {
  const { sql, bindings } = whereOf(select);
  return {
    sql: `${sql} and status = any(?::text[]) and replays < ${maxReplays}`,
    bindings: [...bindings, replayable(select)],
  };
}

/** How many letters a selection means: by number those that are named, otherwise those that are open. */
export async function countSelected(db: Database, select: LetterSelection): Promise<number> {
  const { sql, bindings } = whereOf(select);
  const [row] = await query<{ count: number }>(
    db,
    `select count(*)::int as count from dead_letter where ${sql} ${select.letterIds ? '' : "and status = 'OPEN'"}`,
    bindings,
  );
  return row?.count ?? 0;
}
