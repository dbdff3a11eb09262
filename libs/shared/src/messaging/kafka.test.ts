import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { eventually } from '../testing/eventually.ts';
import { connectTestKafka, record } from '../testing/kafka.ts';
import type { RawRecord } from './cloud-event.ts';
import type { KafkaConnection } from './kafka.ts';
import { deadLetterTopic, maxMessageBytes, repliesTopic } from './topics.ts';

let kafka: KafkaConnection;
beforeAll(async () => {
  kafka = await connectTestKafka();
});
afterAll(() => kafka.close());

const reply = (key: string, bytes: number): RawRecord => ({
  topic: repliesTopic,
  key,
  value: 'x'.repeat(bytes),
  headers: {},
});

test('an oversized record fails alone, and those that are published with it arrive', async () => {
  const { records, stop } = await record(kafka, [repliesTopic]);
  const callers = [
    ...Array.from({ length: 20 }, (_, i) => reply(`caller ${i}`, 300_000)),
    reply('huge', 2_000_000),
    reply('last', 10),
  ];
  const results = await Promise.allSettled(callers.map((one) => kafka.publish([one])));
  const failed = callers.filter((_, i) => results[i]?.status === 'rejected').map(({ key }) => key);
  expect(failed).toEqual(['huge']);
  await eventually('the others', () => {
    const arrived = new Set(records.map(({ key }) => String(key)));
    return callers.every(({ key }) => key === 'huge' || arrived.has(String(key)));
  });
  await stop();
});

test('the largest message with the headers of a letter fits the dead letters, next to others', async () => {
  const letter = { ...reply('k', maxMessageBytes), topic: deadLetterTopic(repliesTopic) };
  const headers = { why: 'y'.repeat(10_000) };
  await Promise.all([1, 2, 3].map(() => kafka.publish([{ ...letter, headers }])));
});

test('what is only small while it is packed is refused when it is produced', async () => {
  const client = new Kafka({
    brokers: (process.env.KAFKA_BROKERS as string).split(','),
    logLevel: logLevel.NOTHING,
  });
  const producer = client.producer({ retry: { retries: 0 } });
  await producer.connect();
  const pack = (bytes: number) =>
    producer.send({
      topic: kafka.physical(repliesTopic),
      compression: CompressionTypes.GZIP,
      messages: [{ key: 'k', value: 'x'.repeat(bytes) }],
    });
  await pack(1_000);
  await expect(pack(10_000_000)).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' });
  await producer.disconnect();
});
