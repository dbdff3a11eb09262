import { randomUUID } from 'node:crypto';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { headersOf } from '@holdfast/shared/messaging/consume';
import { type IHeaders, Kafka, logLevel } from 'kafkajs';

export type SeenRecord = {
  topic: string;
  partition: number;
  offset: string;
  key: string;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into data of every shape
  data: any;
  raw: RawMessage;
};

/** What a producer gives to Kafka, byte for byte. */
export type RawMessage = Pick<ReceivedRecord, 'key' | 'value' | 'headers'>;

export type Position = { partition: number; offset: string };

export type Topics = {
  /** All that was seen so far, in the order seen. */
  seen: readonly SeenRecord[];
  ofSaga: (sagaId: string) => SeenRecord[];
  /** Puts a record on a topic as it is. */
  produce: (topic: string, record: RawMessage) => Promise<Position>;
  /** Many, of whose places nobody asks. */
  produceAll: (topic: string, records: readonly RawMessage[]) => Promise<void>;
  stop: () => Promise<void>;
};

/** Watches topics from their beginning, as any subscriber might. */
export async function watchTopics(brokers: string[], prefix: string, topics: string[]): Promise<Topics> {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `watch-${randomUUID()}` });
  const producer = kafka.producer();
  const seen: SeenRecord[] = [];
  await Promise.all([consumer.connect(), producer.connect()]);
  await consumer.subscribe({ topics: topics.map((topic) => prefix + topic), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const headers = Object.fromEntries(
        Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
      );
      const raw = { key: message.key, value: message.value, headers: headersOf(message.headers) };
      const data = parse(message.value);
      const key = String(message.key);
      seen.push({
        topic: topic.slice(prefix.length),
        partition,
        offset: message.offset,
        key,
        headers,
        data,
        raw,
      });
    },
  });
  return {
    seen,
    ofSaga: (sagaId) =>
      seen.filter(({ headers }) => headers.ce_sagaid === sagaId || headers.ce_id?.startsWith(sagaId)),
    produce: async (topic, record) => {
      const headers = record.headers as IHeaders;
      const [sent] = await producer.send({ topic: prefix + topic, messages: [{ ...record, headers }] });
      return { partition: sent?.partition ?? 0, offset: sent?.baseOffset ?? '' };
    },
    produceAll: async (topic, records) => {
      const messages = records.map((record) => ({ ...record, headers: record.headers as IHeaders }));
      await producer.send({ topic: prefix + topic, messages });
    },
    stop: async () => {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
}

function parse(value: Buffer | null): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}
