import { randomUUID } from 'node:crypto';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { headersOf } from '@holdfast/shared/messaging/consume';
import { expect } from '@jest/globals';
import { type IHeaders, Kafka, logLevel } from 'kafkajs';
import { eventually } from './eventually.ts';

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

/** Sorts by the times that records tell: those of several topics may be seen in any order. */
export const byTime = (a: SeenRecord, b: SeenRecord): number =>
  (a.headers.ce_time as string).localeCompare(b.headers.ce_time as string);

/** Where the message of a dead letter lay, on the topic that it came from. */
export const originOf = ({ headers }: SeenRecord): string => `${headers.dlq_partition}/${headers.dlq_offset}`;

/** A topic's dead letters, one for each record that was given up: a rebalance may bury one twice. */
export const lettersOf = ({ seen }: Pick<Topics, 'seen'>, topic: string): SeenRecord[] => {
  const letters = seen.filter((record) => record.topic === `${topic}.dlq`);
  return [...new Map(letters.map((letter) => [originOf(letter), letter])).values()];
};

/** What a producer gives to Kafka, byte for byte. */
export type RawMessage = Pick<ReceivedRecord, 'key' | 'value' | 'headers'>;

export type Position = { partition: number; offset: string };

export type Topics = {
  /** All that was seen so far, in the order seen. */
  seen: readonly SeenRecord[];
  ofSaga: (sagaId: string) => SeenRecord[];
  /** Waits until all that is on the topics now has been seen. */
  caughtUp: () => Promise<void>;
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
  const admin = kafka.admin();
  const seen: SeenRecord[] = [];
  /** By topic and partition, the offset after the last that was seen. */
  const next = new Map<string, number>();
  await Promise.all([consumer.connect(), producer.connect(), admin.connect()]);
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
      next.set(`${topic}/${partition}`, Number(message.offset) + 1);
    },
  });
  return {
    seen,
    ofSaga: (sagaId) =>
      seen.filter(({ headers }) => headers.ce_sagaid === sagaId || headers.ce_id?.startsWith(sagaId)),
    caughtUp: async () => {
      for (const topic of topics.map((topic) => prefix + topic)) {
        const ends = await admin.fetchTopicOffsets(topic);
        await eventually(() => {
          for (const { partition, high } of ends)
            if (Number(high) > 0)
              expect(next.get(`${topic}/${partition}`)).toBeGreaterThanOrEqual(Number(high));
        });
      }
    },
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
      await admin.disconnect();
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
