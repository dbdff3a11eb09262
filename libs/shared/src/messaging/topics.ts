import { type ServiceName, serviceNames } from '../contracts/define.ts';

/** Names of topics, without an installation's prefix. */
export const commandsTopic = (service: ServiceName): string => `${service}.commands`;
export const eventsTopic = (service: ServiceName): string => `${service}.events`;
export const repliesTopic = 'saga.replies';
export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;

const participants = serviceNames.filter((name) => name !== 'orchestrator');

/** What operators have changed. */
export const auditTopic = 'ops.audit';

/** Every topic that something is done for; what can't be done is on its dead-letter topic. */
export const sourceTopics: readonly string[] = [
  ...participants.map(commandsTopic),
  ...participants.map(eventsTopic),
  repliesTopic,
];

/**
 * Few: a batch is what one partition has at hand, so that many partitions mean batches of one. It also bounds how many
 * instances of a service share the work.
 */
export const partitionsPerTopic = 4;

/** A dead letter is its source's largest message and the headers that say why it is here. */
export const maxMessageBytes = 1_048_588;
export const maxDeadLetterBytes = 2 * maxMessageBytes;

/** A topic as it should be. */
export type TopicPlan = { topic: string; partitions: number; config: Readonly<Record<string, string>> };

const keptForEver = { 'retention.ms': '-1' };

/**
 * Kafka unpacks what a foreign producer has compressed: in one of the codecs that kafkajs doesn't know it would stop every
 * consumer for good, and what is small only as long as it is packed would fit no dead-letter topic.
 */
const sized = (bytes: number) => ({ 'max.message.bytes': String(bytes), 'compression.type': 'uncompressed' });

/** Every topic that Holdfast reads or writes. */
export const topicPlans: readonly TopicPlan[] = [
  ...sourceTopics.flatMap((topic) => [
    { topic, partitions: partitionsPerTopic, config: sized(maxMessageBytes) },
    {
      topic: deadLetterTopic(topic),
      partitions: 1,
      config: { ...sized(maxDeadLetterBytes), ...keptForEver },
    },
  ]),
  { topic: auditTopic, partitions: 1, config: keptForEver },
];
