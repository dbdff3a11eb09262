import { inTransaction, query } from '@holdfast/shared/database/query';
import { problem } from '@holdfast/shared/http/problems';
import type { RawRecord } from '@holdfast/shared/messaging/cloud-event';
import type { Knex } from 'knex';
import { loadSagas } from '../../runner/rows.ts';
import { audit } from '../audit/rows.ts';
import { maskFor } from '../mask.ts';
import type { Operator } from '../operator.ts';
import { editableOf, editedRecord } from './edit.ts';
import { loadLetter, type WholeLetter } from './list.ts';
import { whereOf } from './rows.ts';
import { countSelected } from './select.ts';
import type { LetterSelection } from './shapes.ts';
import { asJson } from './show.ts';

/** Gives open letters up. */
export function discardLetters(
  db: Knex,
  select: LetterSelection,
  { operator, reason }: { operator: Operator; reason: string },
): Promise<{ discarded: number; skipped: number }> {
  return inTransaction(db, async (tx) => {
    const selected = await countSelected(tx, select);
    const { sql, bindings } = whereOf(select);
    const rows = await query<{ letter_id: number }>(
      tx,
      `update dead_letter set status = 'DISCARDED', closed_at = now(), closed_by = ?::jsonb, closed_reason = ?
       where letter_id in (
         select letter_id from dead_letter where ${sql} and status = 'OPEN' order by letter_id for update)
       returning letter_id`,
      [JSON.stringify(operator), reason, ...bindings],
    );
    const discarded = rows.length;
    const letterIds = rows.slice(0, 100).map(({ letter_id }) => letter_id);
    await audit(tx, {
      operator,
      action: 'letter.discard',
      subject: discarded === 1 ? `letter/${letterIds[0]}` : 'letters',
      reason,
      before: { select, status: 'OPEN' },
      after: { status: 'DISCARDED', discarded, letterIds },
      outcome: 'done',
    });
    return { discarded, skipped: Math.max(selected - discarded, 0) };
  });
}

/**
 * Sends another payload in a letter's place. It is recorded before it is sent; a crash between the two leaves the letter
 * open, and sending again does no harm.
 *
 * @throws Problem `letter-not-found`, `letter-closed`, `letter-not-editable`, `edit-contradicts-saga`, `validation`
 */
export async function editLetter(
  { db, publish }: { db: Knex; publish: (records: RawRecord[]) => Promise<void> },
  letterId: number,
  edit: { payload: unknown; reason: string | undefined; dryRun: boolean; operator: Operator },
): Promise<void> {
  const { operator, payload, reason, dryRun } = edit;
  const letter = await loadLetter(db, letterId);
  if (!letter) throw problem('letter-not-found', 'There is no such dead letter.');
  if (letter.status !== 'OPEN')
    throw problem('letter-closed', `It is ${letter.status.toLowerCase()}: only open letters are edited.`);
  const saga =
    letter.saga_id === null ? undefined : (await loadSagas(db, [letter.saga_id])).get(letter.saga_id);
  const editable = editableOf(letter, saga);
  if ('because' in editable) throw problem('letter-not-editable', editable.because);
  const record = editedRecord(letter, payload, editable);
  if (dryRun) return;

  const change = {
    operator,
    action: 'letter.edit',
    subject: `letter/${letterId}`,
    reason,
    before: { status: 'OPEN', payload: maskedPayload(letter) },
    after: { status: 'EDITED', payload: maskFor('viewer', payload) },
  } as const;
  await audit(db, { ...change, outcome: 'intended' });
  await publish([record]);
  await inTransaction(db, async (tx) => {
    // It may have come back already: then it has failed again.
    await query(
      tx,
      `update dead_letter set status = 'EDITED', closed_at = now(), closed_by = ?::jsonb, closed_reason = ?
       where letter_id = ? and status = 'OPEN'`,
      [JSON.stringify(operator), reason ?? null, letterId],
    );
    await audit(tx, { ...change, outcome: 'done' });
  });
}

/** What isn't JSON may be personal all the same, and can't be masked. */
function maskedPayload({ record_value: value }: WholeLetter): unknown {
  const json = value === null ? undefined : asJson(value.toString());
  return json === undefined ? `${value?.length ?? 0} bytes` : maskFor('viewer', json);
}
