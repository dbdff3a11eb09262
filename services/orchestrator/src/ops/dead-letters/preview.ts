import { type Database, query } from '@holdfast/shared/database/query';
import type { Static } from 'typebox';
import type { Caller } from '../participants.ts';
import type { Judge } from './judge.ts';
import { type RecordRow, recordColumns } from './rows.ts';
import { countSelected, replayableWhere } from './select.ts';
import type { LetterSelection, Preview, Verdict } from './shapes.ts';

const maxExamined = 1_000;
/** Their records are in memory at once. */
const batchSize = 100;
const maxExamples = 20;

/** What a replay would do, letter by letter, the oldest first. */
export async function previewReplay(
  { db, judge }: { db: Database; judge: Judge },
  select: LetterSelection,
  caller: Caller,
): Promise<Static<typeof Preview>> {
  const { sql, bindings } = replayableWhere(select);
  const [counted] = await query<{ total: number }>(
    db,
    `select count(*)::int as total from dead_letter where ${sql}`,
    bindings,
  );
  const total = counted?.total ?? 0;
  const verdicts = new Map<Verdict, number>();
  const examples: Static<typeof Preview>['examples'] = [];
  let examined = 0;
  for (let after = 0; examined < maxExamined; ) {
    const letters = await query<RecordRow & { letter_id: number; topic: string; type: string | null }>(
      db,
      `select letter_id, topic, type, ${recordColumns} from dead_letter
       where ${sql} and letter_id > ? order by letter_id limit ?`,
      [...bindings, after, batchSize],
    );
    const judgements = await judge(letters, caller);
    for (const [letterId, judgement] of judgements) {
      const count = (verdicts.get(judgement.verdict) ?? 0) + 1;
      verdicts.set(judgement.verdict, count);
      const type = letters.find(({ letter_id }) => letter_id === letterId)?.type;
      if (count <= maxExamples) examples.push({ letterId, ...(type && { type }), ...judgement });
    }
    examined += letters.length;
    if (letters.length < batchSize) break;
    after = letters.at(-1)?.letter_id ?? after;
  }
  const skipped = Math.max((await countSelected(db, select)) - total, 0);
  return { total, examined, skipped, verdicts: Object.fromEntries(verdicts), examples };
}
