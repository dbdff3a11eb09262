import { createHash } from 'node:crypto';
import type { OutgoingRecord, ReceivedRecord } from './cloud-event.ts';
import { deadLetterTopic } from './topics.ts';

export type Failure = {
  error: Error;
  attempts: number;
  firstFailure: Date;
  lastFailure: Date;
  group: string;
};

/** The record as it came, byte for byte, and in headers where it came from and why it is here. */
export function deadLetter(record: ReceivedRecord, failure: Failure): OutgoingRecord {
  const { error } = failure;
  return {
    topic: deadLetterTopic(record.topic),
    key: record.key as unknown as string,
    value: record.value,
    headers: {
      ...record.headers,
      dlq_topic: record.topic,
      dlq_partition: String(record.partition),
      dlq_offset: record.offset,
      dlq_timestamp: record.timestamp,
      dlq_group: failure.group,
      dlq_error_class: error.name,
      dlq_error_message: error.message.slice(0, 1000),
      // Letters of one cause share their stack, line by line, but not their message.
      dlq_stack_hash: createHash('sha256').update(frames(error)).digest('hex').slice(0, 16),
      dlq_attempts: String(failure.attempts),
      dlq_first_failure: failure.firstFailure.toISOString(),
      dlq_last_failure: failure.lastFailure.toISOString(),
    },
  };
}

const frames = (error: Error): string =>
  `${error.name}\n${(error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .join('\n')}`;
