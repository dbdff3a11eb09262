import { type Consumer, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import type { Logger } from 'pino';
import { gather } from '../batching/gather.ts';
import { sendDuration, sentMessages } from '../telemetry/metrics.ts';
import { timed } from '../telemetry/registry.ts';
import type { RawRecord } from './cloud-event.ts';
import { whileStarting } from './fault.ts';
import { inspectTopics, lagOf, type TopicState } from './inspect.ts';
import { publishPacked } from './pack.ts';
import { createTopics } from './provision.ts';
import { lookOnlyForRequestsThatWait } from './request-queue.ts';
import type { KafkaServer } from './server.ts';
import { socketFactory } from './socket.ts';
import { joinAs } from './static-membership.ts';
import { partitionsPerTopic, sourceTopics } from './topics.ts';

lookOnlyForRequestsThatWait();

/**
 * All that Holdfast knows of kafkajs is in this folder. It has no maintainer: another client could take its
 * place behind these functions.
 */
export type KafkaConnection = {
  /**
   * Publishes all records and returns once every in-sync replica has them. Callers that send at once share requests,
   * and one request is under way at a time, so that records of a key keep the order in which they were sent. A record
   * that is too large fails its own caller only.
   */
  publish: (records: RawRecord[]) => Promise<void>;
  /** A consumer of kafkajs, for consume.ts. */
  consumer: (groupId: string) => Consumer;
  /** Waits until the cluster knows who coordinates a group: where it is new, or has just come back, that takes a while. */
  coordinatorOf: (groupId: string) => Promise<void>;
  /** Deletes a group that has no members. */
  deleteGroup: (groupId: string) => Promise<void>;
  /** The name of a topic in this installation. */
  physical: (topic: string) => string;
  logical: (physicalTopic: string) => string;
  /** Throws where the cluster doesn't answer. */
  check: () => Promise<void>;
  /** How many messages of each topic a consumer group hasn't got done yet. */
  lag: (group: string, topics: readonly string[]) => Promise<Map<string, number>>;
  /** By partition, the offset that a topic's next record will have. It waits for a cluster that is just coming up. */
  ends: (topic: string) => Promise<number[]>;
  /** Every topic of ours as the cluster has it. */
  inspectTopics: () => Promise<TopicState[]>;
  close: () => Promise<void>;
};

export type KafkaOptions = {
  server: KafkaServer;
  clientId: string;
  /** Put before every topic and group, so that several installations can share a cluster. */
  prefix: string;
  sessionTimeoutMs: number;
  /** The name that this instance keeps when it is started again; no other that lives has it. */
  instanceId?: string | undefined;
  log: Logger;
};

export async function connectKafka(options: KafkaOptions): Promise<KafkaConnection> {
  const { prefix, log } = options;
  const kafka = new Kafka({
    ...options.server,
    clientId: options.clientId,
    socketFactory,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 50, maxRetryTime: 2_000, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, timestamp: _, ...rest } = entry.log;
      // A broker that is away for a moment is told by readiness; kafkajs says it once for each connection.
      log[entry.level === logLevel.ERROR ? 'warn' : 'debug']({ kafka: rest }, message);
    },
  });
  const physical = (topic: string): string => prefix + topic;

  const admin = kafka.admin();
  await whileStarting(() => admin.connect());
  await whileStarting(() => createTopics(admin, prefix));

  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await whileStarting(() => producer.connect());
  const send = gather<RawRecord[], Error | undefined>(
    (callers) => publishPacked(callers, (records) => sendAll(producer, physical, records)),
    { maxBatch: 200, maxWaiting: 20_000 },
  );

  return {
    publish: async (records) => {
      const error = records.length > 0 ? await send(records) : undefined;
      if (error) throw error;
    },
    consumer: (group) => {
      const groupId = prefix + group;
      if (options.instanceId) joinAs(groupId, options.instanceId);
      return kafka.consumer({
        groupId,
        sessionTimeout: options.sessionTimeoutMs,
        // It is by its heartbeat that a member learns of another that has come or gone: until then nobody has its partitions.
        heartbeatInterval: Math.min(Math.floor(options.sessionTimeoutMs / 4), 500),
        rebalanceTimeout: Math.max(options.sessionTimeoutMs, 6_000),
        maxBytesPerPartition: 1_048_576,
        // And heartbeats are sent between two fetches only.
        maxWaitTimeInMs: 500,
        // A new cluster takes its time to find a coordinator for its first group.
        retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 20 },
      });
    },
    coordinatorOf: async (groupId) => {
      await whileStarting(() => admin.describeGroups([prefix + groupId]));
    },
    deleteGroup: async (groupId) => {
      await admin.deleteGroups([prefix + groupId]);
    },
    physical,
    logical: (topic) => topic.slice(prefix.length),
    check: async () => {
      await admin.fetchTopicMetadata({ topics: [physical(sourceTopics[0] as string)] });
    },
    lag: (group, topics) => lagOf(admin, prefix, group, topics),
    ends: async (topic) => {
      const ends: number[] = [];
      // A topic that was just made may have no leader yet that this connection knows of.
      const offsets = await whileStarting(() => admin.fetchTopicOffsets(physical(topic)));
      for (const { partition, high } of offsets) ends[partition] = Number(high);
      return ends;
    },
    inspectTopics: () => inspectTopics(admin, prefix),
    close: async () => {
      await producer.disconnect();
      await admin.disconnect();
    },
  };
}

async function sendAll(
  producer: Producer,
  physical: (topic: string) => string,
  records: RawRecord[],
): Promise<void> {
  const byTopic = new Map<string, RawRecord[]>();
  for (const record of records) {
    const same = byTopic.get(record.topic);
    if (same) same.push(record);
    else byTopic.set(record.topic, [record]);
  }
  const observe = (seconds: number, error_type: string) => {
    sendDuration(seconds, { messaging_operation_name: 'send', error_type });
    for (const [topic, { length }] of byTopic)
      sentMessages.inc({ messaging_destination_name: topic, error_type }, length);
  };
  await timed(observe, () =>
    producer.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, messages]) => ({ topic: physical(topic), messages })),
    }),
  );
}

const murmur2 = Partitioners.DefaultPartitioner();

/** The partition that a key goes to. */
export function partitionOf(key: string, partitions = partitionsPerTopic): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    leader: 1,
  })) as Parameters<typeof murmur2>[0]['partitionMetadata'];
  return murmur2({ topic: '', partitionMetadata, message: { key, value: null } });
}
