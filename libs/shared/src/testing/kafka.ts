import { randomUUID } from 'node:crypto';
import type { Command } from '../contracts/define.ts';
import type { CommandMessage, Reply } from '../contracts/protocol.ts';
import { decode, type ReceivedRecord } from '../messaging/cloud-event.ts';
import { connectKafka, type KafkaConnection, type KafkaOptions } from '../messaging/kafka.ts';
import { encodeCommand } from '../messaging/protocol.ts';
import { repliesTopic } from '../messaging/topics.ts';
import { createLogger } from '../process/logger.ts';
import { eventually } from './eventually.ts';

/** Topics and groups of its own for a test, on the Kafka of KAFKA_BROKERS. */
export function connectTestKafka(
  prefix = `test-${randomUUID()}.`,
  options: Partial<Pick<KafkaOptions, 'sessionTimeoutMs' | 'instanceId'>> = {},
): Promise<KafkaConnection> {
  const brokers = process.env.KAFKA_BROKERS;
  if (!brokers) throw new Error('KAFKA_BROKERS is not set: run the tests by npm test');
  const log = createLogger({ service: 'test', level: 'silent' });
  return connectKafka({
    server: { brokers: brokers.split(',') },
    clientId: 'test',
    prefix,
    sessionTimeoutMs: 6_000,
    log,
    ...options,
  });
}

/** Collects whatever comes on `topics`, from their beginning. */
export async function record(
  kafka: KafkaConnection,
  topics: readonly string[],
): Promise<{ records: ReceivedRecord[]; stop: () => Promise<void> }> {
  const records: ReceivedRecord[] = [];
  const consumer = kafka.consumer(`recorder-${randomUUID()}`);
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topics: topics.map(kafka.physical), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const { offset, timestamp, key, value } = message;
      const headers = message.headers as ReceivedRecord['headers'];
      records.push({ topic: kafka.logical(topic), partition, offset, timestamp, key, value, headers });
    },
  });
  await joined;
  return {
    records,
    stop: async () => {
      await consumer.stop();
      await consumer.disconnect();
    },
  };
}

export type TestOrchestrator = {
  /** Sends commands that nobody answers. */
  tell: (commands: readonly CommandMessage[]) => Promise<void>;
  /** Sends the commands all at once, and returns their replies in the same order: each copy has one. */
  ask: (commands: readonly CommandMessage[]) => Promise<Reply[]>;
  /** Waits until each copy of the commands has so many answers: from each of several instances that handle it, say. */
  heard: (commands: readonly CommandMessage[], times: number) => Promise<void>;
  stop: () => Promise<void>;
};

/** Plays the orchestrator: sends commands and waits for their replies. */
export async function playOrchestrator(
  kafka: KafkaConnection,
  contracts: readonly Command[],
): Promise<TestOrchestrator> {
  const byType = new Map(contracts.map((contract) => [contract.type, contract]));
  const { records, stop } = await record(kafka, [repliesTopic]);

  const tell = (commands: readonly CommandMessage[]): Promise<void> =>
    kafka.publish(commands.map((command) => encodeCommand(byType.get(command.type) as Command, command)));

  /** Resolves once each of `commands`, as often as it is there, has so many answers among the records after `from`. */
  const answered = (commands: readonly CommandMessage[], times: number, from: number): Promise<unknown> =>
    eventually(`${times * commands.length} replies`, () => {
      const missing = new Map<string, number>();
      for (const { id } of commands) missing.set(`${id}/reply`, (missing.get(`${id}/reply`) ?? 0) + times);
      for (const { headers } of records.slice(from)) {
        const id = String(headers.ce_id);
        missing.set(id, (missing.get(id) ?? 0) - 1);
      }
      return [...missing.values()].every((count) => count <= 0);
    });

  async function ask(commands: readonly CommandMessage[]): Promise<Reply[]> {
    const before = records.length;
    await tell(commands);
    await answered(commands, 1, before);
    const replies = new Map(records.slice(before).map((record) => [String(record.headers.ce_id), record]));
    return commands.map(({ id }) => decode(replies.get(`${id}/reply`) as ReceivedRecord).data as Reply);
  }

  const heard = async (commands: readonly CommandMessage[], times: number): Promise<void> => {
    await answered(commands, times, 0);
  };

  return { tell, ask, heard, stop };
}
