import { type Database, query } from '@holdfast/shared/database/query';
import type { Operator } from '../operator.ts';
import type { NewLetter } from './read-letter.ts';
import type { Letter, LetterSelection, LetterStatus } from './shapes.ts';

/** A letter's row, without the record. */
export type LetterRow = {
  letter_id: number;
  status: LetterStatus;
  topic: string;
  partition: number;
  offset: number;
  produced_at: Date;
  dlq_topic: string;
  dlq_partition: number;
  dlq_offset: number;
  consumer_group: string;
  message_key: string | null;
  message_id: string | null;
  type: string | null;
  saga_id: string | null;
  step: string | null;
  action: 'do' | 'undo' | null;
  error_class: string;
  error_message: string;
  stack_hash: string;
  error_group: string;
  attempts: number;
  first_failure: Date;
  last_failure: Date;
  bytes: number | null;
  replays: number;
  predecessor: number | null;
  successor: number | null;
  replay_id: number | null;
  closed_at: Date | null;
  closed_by: Operator | null;
  closed_reason: string | null;
};

/** The record as it lay on its topic. */
export type RecordRow = {
  record_key: Buffer | null;
  record_value: Buffer | null;
  record_headers: Record<string, string | string[]>;
};

export const letterColumns = `letter_id, status, topic, "partition", "offset", produced_at, dlq_topic, dlq_partition,
  dlq_offset, consumer_group, message_key, message_id, type, saga_id, step, action, error_class, error_message,
  stack_hash, error_group, attempts, first_failure, last_failure, octet_length(record_value) as bytes, replays,
  predecessor, successor, replay_id, closed_at, closed_by, closed_reason`;

export const recordColumns = 'record_key, record_value, record_headers';

export type LetterFilter = Omit<LetterSelection, 'letterIds'> & { letterIds?: readonly number[] };

/** The condition that a filter stands for; true where it is empty. */
export function whereOf(filter: LetterFilter): { sql: string; bindings: unknown[] } {
  const conditions: [string, unknown][] = [
    ['letter_id = any(?::bigint[])', filter.letterIds],
    ['topic = ?', filter.topic],
    ['error_group = ?', filter.errorGroup],
    ['consumer_group = ?', filter.consumerGroup],
    ['type = ?', filter.type],
    ['saga_id = ?::uuid', filter.sagaId],
    ['last_failure >= ?::timestamptz', filter.since],
    ['last_failure < ?::timestamptz', filter.until],
  ];
  const set = conditions.filter(([, value]) => value !== undefined);
  return {
    sql: ['true', ...set.map(([condition]) => condition)].join(' and '),
    bindings: set.map(([, value]) => value),
  };
}

export const toLetter = (row: LetterRow): Letter => ({
  letterId: row.letter_id,
  status: row.status,
  topic: row.topic,
  partition: row.partition,
  offset: String(row.offset),
  producedAt: row.produced_at.toISOString(),
  deadLetter: { topic: row.dlq_topic, partition: row.dlq_partition, offset: String(row.dlq_offset) },
  ...(row.message_key !== null && { key: row.message_key }),
  ...(row.message_id !== null && { messageId: row.message_id }),
  ...(row.type !== null && { type: row.type }),
  ...(row.saga_id !== null && { sagaId: row.saga_id }),
  ...(row.step !== null && { step: row.step }),
  ...(row.action !== null && { action: row.action }),
  consumerGroup: row.consumer_group,
  error: { class: row.error_class, message: row.error_message, stackHash: row.stack_hash },
  errorGroup: row.error_group,
  attempts: row.attempts,
  firstFailure: row.first_failure.toISOString(),
  lastFailure: row.last_failure.toISOString(),
  bytes: row.bytes ?? 0,
  replays: row.replays,
  ...(row.predecessor !== null && { predecessor: row.predecessor }),
  ...(row.successor !== null && { successor: row.successor }),
  ...(row.replay_id !== null && { replayId: row.replay_id }),
  ...(row.closed_at !== null && { closedAt: row.closed_at.toISOString() }),
  ...(row.closed_by !== null && { closedBy: row.closed_by }),
  ...(row.closed_reason !== null && { closedReason: row.closed_reason }),
});

/**
 * Inserts letters that aren't known yet; where one comes from another that was sent again, that one has failed again.
 *
 * @returns how many were new
 */
export async function insertLetters(db: Database, letters: readonly NewLetter[]): Promise<number> {
  const column = <Name extends keyof NewLetter>(name: Name): NewLetter[Name][] =>
    letters.map((letter) => letter[name]);
  const inserted = await query(
    db,
    `with new as (
       insert into dead_letter (
         topic, "partition", "offset", produced_at, dlq_topic, dlq_partition, dlq_offset, consumer_group, message_key,
         message_id, type, saga_id, step, action, error_class, error_message, stack_hash, error_group, attempts,
         first_failure, last_failure, replays, predecessor, record_key, record_value, record_headers)
       select * from unnest(
         ?::text[], ?::int[], ?::bigint[], ?::timestamptz[], ?::text[], ?::int[], ?::bigint[], ?::text[], ?::text[],
         ?::text[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[],
         ?::timestamptz[], ?::timestamptz[], ?::int[], ?::bigint[], ?::bytea[], ?::bytea[], ?::json[])
       on conflict do nothing
       returning letter_id, predecessor, message_id
     ), failed_again as (
       update dead_letter old set status = 'FAILED_AGAIN', successor = back.successor, closed_at = now()
       from (
         select sent.letter_id, new.letter_id as successor
         from dead_letter sent join new on sent.letter_id = new.predecessor
         where sent.status <> 'DISCARDED'
           -- Numbers of another installation, in letters that were imported, mean nothing here.
           and (sent.message_id is not distinct from new.message_id or starts_with(new.message_id, sent.message_id))
         -- A replay that marks what it has sent waits for these rows in the same order.
         order by sent.letter_id for update of sent
       ) back
       where old.letter_id = back.letter_id
     )
     select letter_id from new`,
    [
      column('topic'),
      column('partition'),
      column('offset'),
      column('producedAt'),
      column('dlqTopic'),
      column('dlqPartition'),
      column('dlqOffset'),
      column('consumerGroup'),
      column('key'),
      column('messageId'),
      column('type'),
      column('sagaId'),
      column('step'),
      column('action'),
      column('errorClass'),
      column('errorMessage'),
      column('stackHash'),
      column('errorGroup'),
      column('attempts'),
      column('firstFailure'),
      column('lastFailure'),
      column('replays'),
      column('predecessor'),
      column('recordKey'),
      column('recordValue'),
      column('recordHeaders'),
    ],
  );
  return inserted.length;
}
