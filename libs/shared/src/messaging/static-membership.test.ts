import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { createLogger } from '../process/logger.ts';
import { eventually } from '../testing/eventually.ts';
import { connectTestKafka } from '../testing/kafka.ts';
import { type Consumption, consume } from './consume.ts';
import type { KafkaConnection } from './kafka.ts';
import { repliesTopic } from './topics.ts';

/** Longer than a test waits for anything. */
const sessionTimeoutMs = 120_000;
const prefix = `test-${randomUUID()}.`;
const group = 'members';
const connections: KafkaConnection[] = [];
const admin = new Kafka({
  brokers: (process.env.KAFKA_BROKERS ?? '').split(','),
  logLevel: logLevel.NOTHING,
}).admin();
beforeAll(() => admin.connect());
afterAll(async () => {
  await Promise.all([admin.disconnect(), ...connections.map(({ close }) => close())]);
});

type Member = { consumption: Consumption; handled: string[]; fatal: Error[]; kafka: KafkaConnection };

async function join(instanceId: string): Promise<Member> {
  const kafka = await connectTestKafka(prefix, { sessionTimeoutMs, instanceId });
  connections.push(kafka);
  const handled: string[] = [];
  const fatal: Error[] = [];
  const consumption = await consume<string>({
    kafka,
    group,
    topics: [repliesTopic],
    decode: ({ value }) => String(value),
    handle: async (messages) => {
      handled.push(...messages);
    },
    onFatal: (error) => fatal.push(error),
    log: createLogger({ service: 'test', level: 'silent' }),
  });
  await eventually('partitions', () => consumption.assigned(repliesTopic).length > 0);
  return { consumption, handled, fatal, kafka };
}

async function handles({ kafka, handled }: Member): Promise<void> {
  const value = randomUUID();
  await kafka.publish([{ topic: repliesTopic, key: value, value, headers: {} }]);
  await eventually('it', () => handled.includes(value));
}

test('who comes by the name of a member takes its place at once; where that one lives, it gives up', async () => {
  const first = await join('one');
  await handles(first);
  // To the broker it is the same whether the first is dead or only silent until its next heartbeat.
  const second = await join('one');
  await handles(second);
  const [error] = await eventually('the end of the first', () => first.fatal.length > 0 && first.fatal);
  expect(error?.message).toContain('another consumer with the same group instance id');
  expect(second.fatal).toEqual([]);

  await first.consumption.stop();
  await handles(second);
  await second.consumption.stop();
  const { groups } = await admin.describeGroups([prefix + group]);
  expect(groups[0]?.members).toEqual([]);
});
