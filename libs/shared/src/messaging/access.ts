import { type ServiceName, serviceNames } from '../contracts/define.ts';
import {
  commandsTopic,
  deadLetterTopic,
  eventsTopic,
  repliesTopic,
  sourceTopics,
  topicPlans,
} from './topics.ts';

export type Operation = 'read' | 'write' | 'delete' | 'describe' | 'describe-configs';

/** What may be done to a topic or a group; its name is without an installation's prefix. */
export type Grant = {
  resource: 'topic' | 'group';
  name: string;
  /** All whose names begin so. */
  prefixed: boolean;
  operations: readonly Operation[];
};

/** What a service may do in Kafka: what it does, and nothing else. To make topics is nobody's right but an administrator's. */
export function grantsOf(service: ServiceName): Grant[] {
  const { reads, writes, groups } = service === 'orchestrator' ? orchestrator() : participant(service);
  const topics = topicPlans.map(({ topic }): Grant => {
    const operations: Operation[] = ['describe'];
    // The doctor compares topics with how they should be.
    if (service === 'orchestrator') operations.push('describe-configs');
    if (reads.includes(topic)) operations.push('read');
    if (writes.includes(topic)) operations.push('write');
    return { resource: 'topic', name: topic, prefixed: false, operations };
  });
  return [...topics, ...groups];
}

type Access = { reads: readonly string[]; writes: readonly string[]; groups: Grant[] };

const group = (name: string, ...operations: Operation[]): Grant => ({
  resource: 'group',
  name,
  prefixed: false,
  operations,
});

function participant(service: ServiceName): Access {
  const commands = commandsTopic(service);
  // Each instance of it follows the seats, in a group of its own that it deletes when it stops.
  const seats: Grant = { ...group('reservation-seats-', 'read', 'delete'), prefixed: true };
  const followsSeats = service === 'reservation';
  return {
    reads: [commands, ...(followsSeats ? [eventsTopic('reservation')] : [])],
    writes: [repliesTopic, eventsTopic(service), deadLetterTopic(commands)],
    groups: [group(service, 'read'), ...(followsSeats ? [seats] : [])],
  };
}

/** It commands, tells what sagas have come to, and sends dead letters again, wherever they lay. */
function orchestrator(): Access {
  const letters = sourceTopics.map(deadLetterTopic);
  const others = serviceNames.filter((name) => name !== 'orchestrator');
  return {
    reads: [repliesTopic, eventsTopic('reservation'), eventsTopic('payment'), ...letters],
    writes: topicPlans.map(({ topic }) => topic),
    groups: [
      ...['orchestrator', 'external-api', 'dead-letters'].map((name) => group(name, 'read')),
      // How far they are behind.
      ...others.map((name) => group(name, 'describe')),
    ],
  };
}
