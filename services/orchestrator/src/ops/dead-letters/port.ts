import { inTransaction, query } from '@holdfast/shared/database/query';
import { problem } from '@holdfast/shared/http/problems';
import type { RawRecord } from '@holdfast/shared/messaging/cloud-event';
import type { Knex } from 'knex';
import { audit } from '../audit/rows.ts';
import type { Operator } from '../operator.ts';
import { letterTopics } from './follow.ts';
import { packHeaders, readLetter, unpackHeaders } from './read-letter.ts';
import { type LetterRow, letterColumns, type RecordRow, recordColumns, whereOf } from './rows.ts';
import type { LetterSelection, LetterStatus, PortableLetter } from './shapes.ts';

/** Letters on their way out of an installation and into one, byte for byte. */

/** Few, for each may be of a megabyte. */
const batchSize = 20;

/** One line of JSON for each letter, in the order of their numbers. */
export async function* exportLetters(
  db: Knex,
  select: LetterSelection,
  status: readonly LetterStatus[],
): AsyncGenerator<string> {
  const { sql, bindings } = whereOf(select);
  for (let after = 0; ; ) {
    const rows = await query<LetterRow & RecordRow>(
      db,
      `select ${letterColumns}, ${recordColumns} from dead_letter
       where ${sql} and status = any(?::text[]) and letter_id > ? order by letter_id limit ?`,
      [...bindings, status, after, batchSize],
    );
    for (const row of rows) yield `${JSON.stringify(portable(row))}\n`;
    if (rows.length < batchSize) return;
    after = rows.at(-1)?.letter_id ?? after;
  }
}

const portable = (row: LetterRow & RecordRow): PortableLetter => ({
  topic: row.dlq_topic,
  key: row.record_key?.toString('base64') ?? null,
  value: row.record_value?.toString('base64') ?? null,
  headers: {
    ...row.record_headers,
    ...(JSON.parse(
      packHeaders({
        dlq_topic: row.topic,
        dlq_partition: String(row.partition),
        dlq_offset: String(row.offset),
        dlq_timestamp: String(row.produced_at.getTime()),
        dlq_group: row.consumer_group,
        dlq_error_class: row.error_class,
        dlq_error_message: row.error_message,
        dlq_stack_hash: row.stack_hash,
        dlq_attempts: String(row.attempts),
        dlq_first_failure: row.first_failure.toISOString(),
        dlq_last_failure: row.last_failure.toISOString(),
        ...(row.replays > 0 && { dlq_replays: String(row.replays) }),
      }),
    ) as Record<string, string>),
  },
});

/**
 * Puts letters on their dead-letter topics, from where they are indexed like any other. One whose message is known, by
 * where it lay, is left as it is.
 *
 * @throws Problem `validation` for a topic that isn't one of dead letters
 */
export async function importLetters(
  { db, publish }: { db: Knex; publish: (records: RawRecord[]) => Promise<void> },
  letters: readonly PortableLetter[],
  { operator, reason }: { operator: Operator; reason: string | undefined },
): Promise<{ imported: number; known: number }> {
  const stranger = letters.findIndex(({ topic }) => !letterTopics.includes(topic));
  if (stranger >= 0)
    throw problem(
      'validation',
      `/body/letters/${stranger}/topic is no dead-letter topic of this installation.`,
    );
  const records = letters.map(unpack);
  const known = await knownAmong(db, records);
  const unknown = records.filter((_, i) => !known.has(i));
  const after = { imported: unknown.length, known: known.size };
  const change = { operator, action: 'letter.import', subject: 'letters', reason, after } as const;
  await audit(db, { ...change, outcome: 'intended' });
  await publish(unknown);
  await audit(db, { ...change, outcome: 'done' });
  return after;
}

const unpack = ({ topic, key, value, headers }: PortableLetter) => ({
  topic,
  key: fromBase64(key),
  value: fromBase64(value),
  headers: unpackHeaders(headers),
});

const fromBase64 = (text: string | null): Buffer | null =>
  text === null ? null : Buffer.from(text, 'base64');

/** The indexes of records whose message is in the index. */
async function knownAmong(db: Knex, records: readonly ReturnType<typeof unpack>[]): Promise<Set<number>> {
  const origins = records.map((record) =>
    // Without headers that say where it lay it is nowhere, and new each time.
    readLetter({ ...record, partition: -1, offset: '-1', timestamp: '0' }),
  );
  const rows = await inTransaction(db, (tx) =>
    query<{ i: number }>(
      tx,
      `select i::int from unnest(?::text[], ?::int[], ?::bigint[], ?::timestamptz[], ?::text[])
         with ordinality as new (topic, "partition", "offset", produced_at, consumer_group, i)
       join dead_letter using (topic, "partition", "offset", produced_at, consumer_group)`,
      [
        origins.map(({ topic }) => topic),
        origins.map(({ partition }) => partition),
        origins.map(({ offset }) => offset),
        origins.map(({ producedAt }) => producedAt),
        origins.map(({ consumerGroup }) => consumerGroup),
      ],
    ),
  );
  return new Set(rows.map(({ i }) => i - 1));
}
