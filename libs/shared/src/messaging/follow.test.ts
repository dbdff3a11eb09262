import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { createLogger } from '../process/logger.ts';
import { eventually } from '../testing/eventually.ts';
import { connectTestKafka } from '../testing/kafka.ts';
import { follow } from './follow.ts';
import { type KafkaConnection, partitionOf } from './kafka.ts';
import { eventsTopic, partitionsPerTopic } from './topics.ts';

const topic = eventsTopic('reservation');
const prefix = `test-${randomUUID()}.`;
const admin = new Kafka({
  brokers: (process.env.KAFKA_BROKERS ?? '').split(','),
  logLevel: logLevel.NOTHING,
}).admin();
let kafka: KafkaConnection;

beforeAll(async () => {
  kafka = await connectTestKafka(prefix);
  await admin.connect();
});
afterAll(async () => {
  await admin.disconnect();
  await kafka.close();
});

const produce = (...keys: string[]) =>
  kafka.publish(keys.map((key) => ({ topic, key, value: key, headers: {} })));

async function followTopic(client: KafkaConnection = kafka) {
  const taken: string[] = [];
  const begun: (readonly number[])[] = [];
  const { stop } = await follow({
    kafka: client,
    topic,
    name: 'follower',
    begin: (next) => begun.push([...next]),
    take: (records) => taken.push(...records.map(({ value }) => String(value))),
    onFatal: (error) => {
      throw error;
    },
    log: createLogger({ service: 'test', level: 'silent' }),
  });
  return { taken, begun, stop };
}

const followers = async () =>
  (await admin.listGroups()).groups.filter(({ groupId }) => groupId.startsWith(`${prefix}follower-`));

test('every follower reads all that comes from now on, and leaves nothing behind', async () => {
  await produce('a', 'b', 'c');
  const ends = await kafka.ends(topic);
  const [one, other] = await Promise.all([followTopic(), followTopic()]);
  expect([one.begun, other.begun]).toEqual([[ends], [ends]]);
  await produce('d', 'e', 'f');
  for (const { taken } of [one, other]) {
    await eventually('all records', () => taken.length >= 3);
    expect(taken.toSorted()).toEqual(['d', 'e', 'f']);
  }
  expect(await followers()).toHaveLength(2);
  await Promise.all([one.stop(), other.stop()]);
  expect(await followers()).toEqual([]);
});

test('goes on where it was after it was thrown out of its group', async () => {
  const follower = await followTopic();
  await produce('g');
  await eventually('the record', () => follower.taken.includes('g'));
  const [group] = await followers();
  // Whoever joins makes the group rebalance, and takes partitions along when it leaves.
  const intruder = new Kafka({
    brokers: (process.env.KAFKA_BROKERS ?? '').split(','),
    logLevel: logLevel.NOTHING,
  }).consumer({ groupId: group?.groupId as string });
  const joined = new Promise((resolve) => intruder.on(intruder.events.GROUP_JOIN, resolve));
  await intruder.connect();
  await intruder.subscribe({ topic: kafka.physical(topic) });
  await intruder.run({ autoCommit: false, eachMessage: async () => undefined });
  await joined;
  const keys = Array.from({ length: 20 }, (_, i) => `h${i}`);
  await produce(...keys);
  await intruder.disconnect();
  await eventually('all records', () => keys.every((key) => follower.taken.includes(key)));
  expect(follower.begun).toHaveLength(1);
  await follower.stop();
});

test('says so where records have gone that it has not read', async () => {
  let consumer: ReturnType<KafkaConnection['consumer']> | undefined;
  const follower = await followTopic({
    ...kafka,
    consumer: (group) => {
      consumer = kafka.consumer(group);
      return consumer;
    },
  });
  const partition = partitionOf('i', partitionsPerTopic);
  const [end] = [(await kafka.ends(topic))[partition] as number];
  // As it is where a topic is made anew: what comes next isn't what follows.
  consumer?.pause([{ topic: kafka.physical(topic) }]);
  await produce('i', 'i', 'i');
  consumer?.seek({ topic: kafka.physical(topic), partition, offset: String(end + 2) });
  consumer?.resume([{ topic: kafka.physical(topic) }]);
  await eventually('the record', () => follower.taken.length > 0);
  expect(follower.taken).toEqual(['i']);
  expect(follower.begun).toHaveLength(2);
  expect(follower.begun[1]?.[partition]).toBe(end + 2);
  await follower.stop();
});
