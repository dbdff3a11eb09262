import { createHash } from 'node:crypto';
import type { RawRecord, ReceivedRecord } from './cloud-event.ts';
import { deadLetterTopic } from './topics.ts';

export type Failure = {
  error: Error;
  attempts: number;
  firstFailure: Date;
  lastFailure: Date;
  group: string;
};

/** The record as it came, byte for byte, and in headers where it came from and why it is here. */
export function deadLetter(record: ReceivedRecord, failure: Failure): RawRecord {
  const { error } = failure;
  const { headers, nulls } = withoutNulls(record.headers);
  return {
    topic: deadLetterTopic(record.topic),
    key: record.key,
    value: record.value,
    headers: {
      ...headers,
      ...(nulls.length > 0 && { dlq_null_headers: JSON.stringify(nulls) }),
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

/** kafkajs can't send a header without a value (its own size of null throws): it becomes an empty one, and is named. */
function withoutNulls(received: ReceivedRecord['headers']) {
  const entries = Object.entries(received);
  const hasNull = ([, value]: (typeof entries)[number]) => [value].flat().includes(null);
  return {
    nulls: entries.filter(hasNull).map(([name]) => name),
    // Not by assignment, which a header named __proto__ would not survive.
    headers: Object.fromEntries(
      entries.map(([name, value]) => [
        name,
        Array.isArray(value) ? value.map((one) => one ?? '') : (value ?? ''),
      ]),
    ),
  };
}

/** So much of a stack tells a cause. V8 keeps ten frames, so that what is further down may or may not be there. */
const telling = 5;
const consumer = /\/messaging\/(consume|independent|together)\.[jt]s:/;
const passingThrough = /[ (]node:|\/telemetry\/|Promise\.\w+ \(index \d+\)/;

/**
 * Where it was thrown and who had called, up to the consumer. What lies beyond differs by what came together: V8 writes a
 * caller that had waited before with `async` and another column, and a batch is split within itself.
 */
function frames({ name, stack = '' }: Error): string {
  const lines = stack.split('\n').filter((line) => /^\s*at /.test(line) && !passingThrough.test(line));
  const end = lines.findIndex((line) => consumer.test(line));
  return [name, ...lines.slice(0, end < 0 ? telling : Math.min(end, telling))].join('\n');
}
