import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { createLogger } from '../process/logger.ts';
import { eventually } from '../testing/eventually.ts';
import { connectTestKafka } from '../testing/kafka.ts';
import { Poison, type RawRecord } from './cloud-event.ts';
import { type ConsumeOptions, consume } from './consume.ts';
import { Passing } from './failing.ts';
import type { KafkaConnection } from './kafka.ts';
import { together } from './together.ts';
import { repliesTopic } from './topics.ts';

let kafka: KafkaConnection;
const admin = new Kafka({
  brokers: (process.env.KAFKA_BROKERS ?? '').split(','),
  logLevel: logLevel.NOTHING,
}).admin();
beforeAll(async () => {
  await Promise.all([admin.connect(), (async () => (kafka = await connectTestKafka()))()]);
});
afterAll(async () => {
  await Promise.all([admin.disconnect(), kafka.close()]);
});

const start = (
  group: string,
  options: Pick<ConsumeOptions<string>, 'handle'> & Partial<ConsumeOptions<string>>,
) =>
  // A new cluster may have no coordinator yet.
  eventually('a coordinator', () =>
    consume<string>({
      kafka,
      group,
      topics: [repliesTopic],
      decode: ({ value }) => String(value),
      onFatal: (error) => {
        throw error;
      },
      log: createLogger({ service: 'test', level: 'silent' }),
      ...options,
    }).catch(() => undefined),
  );

/** Until the broker takes them: of a new topic it may not know yet that it leads it. */
const publish = (...values: string[]): Promise<true> =>
  eventually('a leader', () =>
    kafka
      .publish(values.map((value) => ({ topic: repliesTopic, key: value, value, headers: {} })))
      .then((): true => true)
      .catch(() => undefined),
  );

/** How many of the topic's records the group has committed. */
async function committed(group: string): Promise<number> {
  const [topic] = await admin.fetchOffsets({
    groupId: kafka.physical(group),
    topics: [kafka.physical(repliesTopic)],
  });
  return (topic?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(Number(offset), 0), 0);
}

async function membersOf(group: string): Promise<number> {
  const { groups } = await admin.describeGroups([kafka.physical(group)]);
  return groups[0]?.members.length ?? 0;
}

describe('a consumer that is stopped', () => {
  test('ends what it is handling, commits it and leaves the group at once', async () => {
    const group = `stopped-${randomUUID()}`;
    const handled: string[] = [];
    let begun = false;
    let end = (): void => {};
    const mayEnd = new Promise<void>((resolve) => (end = resolve));
    const consumer = await start(group, {
      handle: async (messages) => {
        begun = true;
        await mayEnd;
        handled.push(...messages);
      },
    });
    const values = Array.from({ length: 20 }, () => randomUUID());
    await publish(...values);
    await eventually('a batch', () => begun);
    const before = await committed(group);
    const stopped = consumer.stop();
    end();
    await stopped;
    expect(await membersOf(group)).toBe(0);
    // What was handled was committed, and nothing else.
    expect(handled.length).toBeGreaterThan(0);
    expect((await committed(group)) - before).toBe(handled.length);
  });

  test('neither waits out a pause between attempts nor dead-letters what the stop cut off', async () => {
    const group = `paused-${randomUUID()}`;
    let attempts = 0;
    const consumer = await start(group, {
      independent: true,
      attempts: 1,
      pause: { firstMs: 600_000, maxMs: 600_000 },
      handle: async (_messages, stopping) => {
        attempts++;
        await new Promise((_, reject) => stopping.addEventListener('abort', () => reject(stopping.reason)));
      },
    });
    await publish(randomUUID());
    await eventually('an attempt', async () => attempts > 0);
    const startedAt = Date.now();
    await consumer.stop();
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    expect(await committed(group)).toBe(0);
    const deadLetters = await eventually('a leader', () =>
      admin.fetchTopicOffsets(`${kafka.physical(repliesTopic)}.dlq`).catch(() => undefined),
    );
    expect(deadLetters).toMatchObject([{ high: '0' }]);
  });
});

test('a fault that passes is waited out for as long as it lasts, and is not counted', async () => {
  const group = `passing-${randomUUID()}`;
  let attempts = 0;
  const value = randomUUID();
  const handled: string[] = [];
  const consumer = await start(group, {
    attempts: 2,
    independent: true,
    pause: { firstMs: 1, maxMs: 10 },
    handle: async ([message]) => {
      if (message !== value) return;
      attempts++;
      if (attempts < 10) throw new Passing('not now');
      if (attempts === 10) throw new Error('once');
      handled.push(message);
    },
  });
  await publish(value);
  await eventually('it', () => handled.length > 0);
  expect(attempts).toBe(11);
  await consumer.stop();
});

test('letters of one cause share their stack, whoever came with them', async () => {
  const run = randomUUID();
  const letters: RawRecord[] = [];
  // The first of a batch, those after one that was buried, those that a split set apart, and several partitions'.
  await kafka.publish(
    ['unread', 'unread', 'failed', 'failed', 'failed', 'failed', 'unread'].map((value, i) => ({
      topic: repliesTopic,
      key: i === 4 ? `${run}, another` : run,
      value: `${value} ${run}`,
      headers: {},
    })),
  );
  const consumer = await start(`one-cause-${run}`, {
    kafka: { ...kafka, publish: async (records) => void letters.push(...(records as RawRecord[])) },
    attempts: 1,
    decode: ({ value }) => {
      if (String(value) === `unread ${run}`) throw new Poison('cannot be read');
      return String(value);
    },
    handle: together(async (messages) => {
      if (messages.includes(`failed ${run}`)) throw new Error('failed');
    }),
  });
  await eventually('all letters', () => letters.length === 7);
  await consumer.stop();
  const stacksOf = (name: string) =>
    new Set(
      letters
        .filter(({ headers }) => headers.dlq_error_class === name)
        .map(({ headers }) => headers.dlq_stack_hash),
    );
  expect([stacksOf('Poison').size, stacksOf('Error').size]).toEqual([1, 1]);
});

test('a member whose coordinator was away and still knows it is joined, though it never joins anew', async () => {
  // A coordinator that is just loading can't be had when it is wanted: only kafkajs's word for it is made up here.
  let rebalancing = (): void => {};
  const told: KafkaConnection = {
    ...kafka,
    consumer: (group) => {
      const consumer = kafka.consumer(group);
      const on = ((name: string, listener: (event: unknown) => void) => {
        if (name === consumer.events.REBALANCING) rebalancing = () => listener({});
        return consumer.on(name as 'consumer.rebalancing', listener);
      }) as typeof consumer.on;
      return { ...consumer, on };
    },
  };
  const consumer = await start(`loading-${randomUUID()}`, { kafka: told, handle: async () => undefined });
  const isJoined = () =>
    consumer.check().then(
      (): true => true,
      () => undefined,
    );
  await eventually('joined', isJoined);
  const assigned = consumer.assigned(repliesTopic);

  rebalancing();
  await expect(consumer.check()).rejects.toThrow('is not joined');
  await eventually('joined still', isJoined);
  expect(consumer.assigned(repliesTopic)).toEqual(assigned);
  await consumer.stop();
});

test('who comes by the name of a member takes its place at once; where that one lives, it gives up', async () => {
  const group = `members-${randomUUID()}`;
  const connections: KafkaConnection[] = [];
  const join = async () => {
    // A session is longer than anything is waited for here.
    const own = { sessionTimeoutMs: 120_000, instanceId: 'one' };
    const connection = await connectTestKafka(kafka.physical(''), own);
    connections.push(connection);
    const handled: string[] = [];
    const fatal: Error[] = [];
    const consumer = await start(group, {
      kafka: connection,
      handle: async (messages) => {
        handled.push(...messages);
      },
      onFatal: (error) => fatal.push(error),
    });
    await eventually('partitions', () => consumer.assigned(repliesTopic).length > 0);
    return { consumer, handled, fatal };
  };
  const handles = async ({ handled }: { handled: string[] }): Promise<void> => {
    const value = randomUUID();
    await publish(value);
    await eventually('it', () => handled.includes(value));
  };

  const first = await join();
  await handles(first);
  // To the broker it is the same whether the first is dead or only silent until its next heartbeat.
  const second = await join();
  await handles(second);
  const [error] = await eventually('the end of the first', () => first.fatal.length > 0 && first.fatal);
  expect(error?.message).toContain('another consumer with the same group instance id');
  expect(second.fatal).toEqual([]);

  await first.consumer.stop();
  await handles(second);
  await second.consumer.stop();
  expect(await membersOf(group)).toBe(0);
  await Promise.all(connections.map(({ close }) => close()));
});
