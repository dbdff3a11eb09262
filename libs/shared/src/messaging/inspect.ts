import kafkajs, { type Admin } from 'kafkajs';
import { type TopicPlan, topicPlans } from './topics.ts';

// Node doesn't see it among the names that kafkajs exports.
const topicResource = kafkajs.ConfigResourceTypes.TOPIC;

/** What the cluster says of our topics and groups, for operators. */

/** A topic as the cluster has it; without partitions where it is missing. */
export type TopicState = { plan: TopicPlan; partitions?: number; config: Record<string, string> };

export async function inspectTopics(admin: Admin, prefix: string): Promise<TopicState[]> {
  const existing = new Set(await admin.listTopics());
  const present = topicPlans.filter(({ topic }) => existing.has(prefix + topic));
  const names = present.map(({ topic }) => prefix + topic);
  const [{ topics }, { resources }] = await Promise.all([
    admin.fetchTopicMetadata({ topics: names }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: topicResource, name })),
    }),
  ]);
  const partitions = new Map(topics.map((topic) => [topic.name, topic.partitions.length]));
  const configs = new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
  return topicPlans.map((plan) => {
    const count = partitions.get(prefix + plan.topic);
    return {
      plan,
      ...(count !== undefined && { partitions: count }),
      config: configs.get(prefix + plan.topic) ?? {},
    };
  });
}

export async function lagOf(
  admin: Admin,
  prefix: string,
  group: string,
  topics: readonly string[],
): Promise<Map<string, number>> {
  const physical = topics.map((topic) => prefix + topic);
  const [committed, ...ends] = await Promise.all([
    admin.fetchOffsets({ groupId: prefix + group, topics: physical }),
    ...physical.map((topic) => admin.fetchTopicOffsets(topic)),
  ]);
  return new Map(
    topics.map((topic, i) => {
      const offsets = committed.find((ofTopic) => ofTopic.topic === physical[i])?.partitions ?? [];
      const done = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
      const lags = (ends[i] ?? []).map(({ partition, low, high }) => {
        // Without an offset the group starts from the beginning.
        const next = Math.max(done.get(partition) ?? -1, Number(low));
        return Math.max(Number(high) - next, 0);
      });
      return [topic, lags.reduce((sum, lag) => sum + lag, 0)];
    }),
  );
}
