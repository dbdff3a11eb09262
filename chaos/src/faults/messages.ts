import { randomBytes } from 'node:crypto';
import { catalogue } from '@holdfast/shared/contracts/catalogue';
import {
  commandsTopic,
  eventsTopic,
  maxMessageBytes,
  partitionsPerTopic,
  sourceTopics,
} from '@holdfast/shared/messaging/topics';
import type { Message } from 'kafkajs';
import { atOnce, type Fault } from './fault.ts';

/** Each kind of message that nobody can ever process, on every topic. */
export const poison: Fault = {
  kind: 'poison',
  inject: ({ topics, random }) =>
    atOnce('every topic', async () => {
      for (const topic of sourceTopics) {
        const partition = random.between(0, partitionsPerTopic);
        await topics.produce(
          topic,
          poisonFor(topic).map((message) => ({ ...message, partition })),
        );
      }
    }),
};

let poisoned = 0;

function poisonFor(topic: string): Message[] {
  const type = typeOn(topic);
  const message = (name: string, ceType: string, value: Buffer | string): Message => ({
    key: `poison-${name}`,
    value,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ce_specversion: '1.0',
      ce_id: `poison-${name}-${++poisoned}`,
      ce_type: ceType,
      ce_source: '/chaos',
      ce_time: new Date().toISOString(),
      ce_sagaid: '00000000-0000-4000-8000-000000000000',
      ce_sagano: '1',
      ce_step: 'poison',
      ce_action: 'do',
    },
  });
  // Room for key and headers: the largest that the topic takes.
  const large = maxMessageBytes - 2_000;
  return [
    message('not-json', type, '{"cut off'),
    message('wrong-schema', type, JSON.stringify({ amount: 'much', userId: 7 })),
    message('unknown-type', 'nobody.knows', '{}'),
    message('large', type, randomBytes(large)),
    { key: 'poison-bare', value: null },
  ];
}

/** A type of message that the topic carries. */
function typeOn(topic: string): string {
  for (const { service, commands, events } of catalogue) {
    const [command] = commands;
    if (command && (topic === commandsTopic(service) || topic === 'saga.replies')) return command.type;
    const [event] = events;
    if (event && topic === eventsTopic(service)) return event.type;
  }
  throw new Error(`nothing is known of ${topic}`);
}

const replayed = 200;

/** Old messages come again on their topics, as they were. */
export const replay: Fault = {
  kind: 'replay',
  inject: ({ topics, random }) =>
    atOnce('every topic', async () => {
      for (const topic of sourceTopics) {
        const partition = random.between(0, partitionsPerTopic);
        const old = await topics.read(topic, partition, replayed, random.between);
        await topics.produce(
          topic,
          old.map(({ key, value, headers }) => ({ key, value, partition, ...(headers && { headers }) })),
        );
      }
    }),
};
