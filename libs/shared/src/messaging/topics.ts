import { type ServiceName, serviceNames } from '../contracts/define.ts';

/** Names of topics, without an installation's prefix. */
export const commandsTopic = (service: ServiceName): string => `${service}.commands`;
export const eventsTopic = (service: ServiceName): string => `${service}.events`;
export const repliesTopic = 'saga.replies';
export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;

const participants = serviceNames.filter((name) => name !== 'orchestrator');

/** Every topic that Holdfast reads or writes, dead-letter topics aside. */
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
