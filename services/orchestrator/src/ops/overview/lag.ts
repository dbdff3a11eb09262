import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import { commandsTopic, eventsTopic, repliesTopic } from '@holdfast/shared/messaging/topics';
import type { Static } from 'typebox';
import { letterGroup, letterTopics } from '../dead-letters/follow.ts';
import { participantNames } from '../participants.ts';
import type { Lag } from './shapes.ts';

/** Holdfast's consumer groups, and what they read. */
const groups: readonly { group: string; topics: readonly string[] }[] = [
  ...participantNames.map((service) => ({ group: service, topics: [commandsTopic(service)] })),
  { group: 'orchestrator', topics: [repliesTopic] },
  { group: 'external-api', topics: [eventsTopic('reservation'), eventsTopic('payment')] },
  { group: letterGroup, topics: letterTopics },
];

/** What is still to be processed, by group and topic; the dead letters' index in one sum. */
export async function readLag(
  kafka: Pick<KafkaConnection, 'lag'>,
  externalApi: boolean,
): Promise<Static<typeof Lag>[]> {
  const followed = groups.filter(({ group }) => externalApi || group !== 'external-api');
  const lags = await Promise.all(
    followed.map(async ({ group, topics }) => {
      const byTopic = await kafka.lag(group, topics);
      if (group !== letterGroup) return [...byTopic].map(([topic, lag]) => ({ group, topic, lag }));
      const sum = [...byTopic.values()].reduce((all, lag) => all + lag, 0);
      return [{ group, topic: '*.dlq', lag: sum }];
    }),
  );
  return lags.flat();
}
