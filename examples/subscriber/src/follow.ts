import { InvalidEvent, readEvent } from '@holdfast/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { count } from './sales.ts';
import type { State } from './state.ts';

/** Follows payments in a consumer group of its own: what is done, Kafka remembers once it is saved. */
export async function followPayments(options: {
  brokers: string[];
  topic: string;
  group: string;
  state: State;
  save: () => Promise<void>;
}): Promise<{ ready: () => boolean; stop: () => Promise<void> }> {
  const { brokers, topic, group, state, save } = options;
  const kafka = new Kafka({ brokers, clientId: group, logLevel: logLevel.ERROR });
  // What one that was killed was reading is another's after so long.
  const consumer = kafka.consumer({ groupId: group, sessionTimeout: 10_000 });
  let joined = false;
  consumer.on(consumer.events.GROUP_JOIN, () => {
    joined = true;
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    joined = false;
    // kafkajs has given up: whoever started this process starts it again.
    if (!payload.restart) process.exit(1);
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const { headers, value, offset } of batch.messages)
        try {
          const event = readEvent(headers ?? {}, value);
          if (event) count(state, event);
        } catch (error) {
          if (!(error instanceof InvalidEvent)) throw error;
          // It will be no better next time.
          console.error(`${batch.topic}/${batch.partition}/${offset}: ${error.message}`);
        }
      // Before Kafka takes the position: what is read again is known, what would be lost is not.
      await save();
    },
  });
  return { ready: () => joined, stop: () => consumer.disconnect() };
}
