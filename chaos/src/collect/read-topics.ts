import { randomUUID } from 'node:crypto';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { Kafka, logLevel } from 'kafkajs';

/** Reads topics from their beginning to where they end now, each partition in its order. */
export async function readTopics(
  { brokers, prefix, topics }: { brokers: readonly string[]; prefix: string; topics: readonly string[] },
  onRecord: (record: ReceivedRecord) => void,
): Promise<void> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'checker', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const groupId = `${prefix}checker-${randomUUID()}`;
  // One that has read nothing but bytes: a batch of dead letters is as large as its largest letter.
  const consumer = kafka.consumer({
    groupId,
    maxBytesPerPartition: 4 * 1_048_576,
    // One that crashes while it is told to stop would start again by itself.
    retry: { restartOnFailure: async () => false },
  });
  try {
    const unread = await partitionsToRead(admin, prefix, topics);
    // A consumer that is told to stop while it still joins its group goes on for ever.
    if (unread.size === 0) return;
    await consumer.connect();
    await consumer.subscribe({ topics: topics.map((topic) => prefix + topic), fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          partitionsConsumedConcurrently: 4,
          eachBatch: async ({ batch, heartbeat }) => {
            const { topic, partition, messages } = batch;
            const name = `${topic}/${partition}`;
            const end = unread.get(name);
            if (end === undefined) return;
            for (const { key, value, headers, offset, timestamp } of messages) {
              if (BigInt(offset) >= end) break;
              onRecord({
                topic: topic.slice(prefix.length),
                partition,
                offset,
                timestamp,
                key,
                value,
                headers: (headers ?? {}) as ReceivedRecord['headers'],
              });
            }
            await heartbeat();
            if (BigInt(batch.lastOffset()) + 1n >= end) unread.delete(name);
            if (unread.size === 0) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

/** Where each partition that holds anything ends. */
async function partitionsToRead(
  admin: ReturnType<Kafka['admin']>,
  prefix: string,
  topics: readonly string[],
): Promise<Map<string, bigint>> {
  const ends = new Map<string, bigint>();
  for (const topic of topics)
    for (const { partition, low, high } of await admin.fetchTopicOffsets(prefix + topic))
      if (BigInt(high) > BigInt(low)) ends.set(`${prefix}${topic}/${partition}`, BigInt(high));
  return ends;
}
