import { randomUUID } from 'node:crypto';
import { type Admin, Kafka, type KafkaMessage, logLevel, type Message } from 'kafkajs';

/** The runner's own way to Kafka, past the proxy. Each call connects anew: the broker comes and goes. */
export type Topics = {
  /** Up to `count` records of a partition, from an offset that `choose` picks among those that it holds. */
  read: (
    topic: string,
    partition: number,
    count: number,
    choose: (low: number, high: number) => number,
  ) => Promise<KafkaMessage[]>;
  produce: (topic: string, messages: Message[]) => Promise<void>;
  admin: <Result>(use: (admin: Admin) => Promise<Result>) => Promise<Result>;
};

const readWithinMs = 10_000;

export function openTopics(brokers: string[]): Topics {
  const kafka = new Kafka({ clientId: 'chaos', brokers, logLevel: logLevel.NOTHING });

  async function admin<Result>(use: (admin: Admin) => Promise<Result>): Promise<Result> {
    const client = kafka.admin();
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.disconnect();
    }
  }

  return {
    admin,
    async read(topic, partition, count, choose) {
      const all = await admin((client) => client.fetchTopicOffsets(topic));
      const { low, high } = all.find((one) => one.partition === partition) ?? { low: '0', high: '0' };
      if (low === high) return [];
      const from = choose(Number(low), Number(high));
      return readFrom(kafka, { topic, partition, from, count: Math.min(count, Number(high) - from) });
    },
    async produce(topic, messages) {
      const producer = kafka.producer();
      await producer.connect();
      try {
        await producer.send({ topic, messages });
      } finally {
        await producer.disconnect();
      }
    },
  };
}

async function readFrom(
  kafka: Kafka,
  at: { topic: string; partition: number; from: number; count: number },
): Promise<KafkaMessage[]> {
  const groupId = `chaos-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId });
  const found: KafkaMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [at.topic] });
  try {
    await new Promise<void>((resolve, reject) => {
      const patience = setTimeout(resolve, readWithinMs);
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ partition, message }) => {
            if (partition !== at.partition || Number(message.offset) < at.from) return;
            if (found.length < at.count) found.push(message);
            if (found.length < at.count) return;
            clearTimeout(patience);
            resolve();
          },
        })
        .catch(reject);
      consumer.seek({ topic: at.topic, partition: at.partition, offset: String(at.from) });
    });
  } finally {
    await consumer.disconnect();
  }
  return found;
}
