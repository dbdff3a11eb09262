import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { type Consumption, consume } from '@holdfast/shared/messaging/consume';
import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import { deadLetterTopic, sourceTopics } from '@holdfast/shared/messaging/topics';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { readLetter } from './read-letter.ts';
import { insertLetters } from './rows.ts';

export const letterGroup = 'dead-letters';
export const letterTopics: readonly string[] = sourceTopics.map(deadLetterTopic);

/** Follows the dead-letter topics and keeps an index of them in Postgres, where operators look. */
export function followLetters(options: {
  kafka: KafkaConnection;
  db: Knex;
  onFatal: (error: Error) => void;
  log: Logger;
}): Promise<Consumption> {
  const { kafka, db, onFatal, log } = options;
  return consume<ReceivedRecord>({
    kafka,
    group: letterGroup,
    topics: [...letterTopics],
    decode: (record) => record,
    handle: async (records) => {
      await insertLetters(db, records.map(readLetter));
    },
    maxBatch: 200,
    // A dead letter has nowhere else to go: it stays at hand, and the group's lag tells of it.
    attempts: Number.POSITIVE_INFINITY,
    onFatal,
    log,
  });
}
