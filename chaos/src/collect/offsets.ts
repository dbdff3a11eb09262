import { setTimeout as sleep } from 'node:timers/promises';
import { commandsTopic, eventsTopic, repliesTopic } from '@holdfast/shared/messaging/topics';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { Messages } from '../facts.ts';

/** Who reads what. The external API's group is there only where there is an external API. */
const readers: readonly { group: string; topics: readonly string[] }[] = [
  ...(['reservation', 'payment', 'balance', 'token'] as const).map((service) => ({
    group: service,
    topics: [commandsTopic(service)],
  })),
  { group: 'orchestrator', topics: [repliesTopic] },
  { group: 'external-api', topics: [eventsTopic('reservation'), eventsTopic('payment')] },
];

/** The topics that somebody reads, so that poison on them has to come out as a dead letter. */
export const topicsRead: ReadonlySet<string> = new Set(readers.flatMap(({ topics }) => topics));

/**
 * How far each group has come. What it has done it commits in the background, so it is given `patienceMs` to say that it
 * has reached the end.
 */
export async function collectOffsets(
  { brokers, prefix }: { brokers: readonly string[]; prefix: string },
  patienceMs = 15_000,
): Promise<Messages['offsets']> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'checker', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { groups } = await admin.listGroups();
    const known = new Set(groups.map(({ groupId }) => groupId));
    const present = readers.filter(({ group }) => known.has(prefix + group));
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const offsets = [];
      for (const reader of present) offsets.push(...(await offsetsOf(admin, prefix, reader)));
      if (offsets.every(({ committed, end }) => committed >= end) || Date.now() > deadline) return offsets;
      await sleep(500);
    }
  } finally {
    await admin.disconnect();
  }
}

async function offsetsOf(
  admin: Admin,
  prefix: string,
  { group, topics }: (typeof readers)[number],
): Promise<Messages['offsets'][number][]> {
  const committed = await admin.fetchOffsets({
    groupId: prefix + group,
    topics: topics.map((topic) => prefix + topic),
  });
  const offsets = [];
  for (const { topic, partitions } of committed) {
    const ends = new Map((await admin.fetchTopicOffsets(topic)).map((end) => [end.partition, end.high]));
    for (const { partition, offset } of partitions)
      offsets.push({
        group,
        topic: topic.slice(prefix.length),
        partition,
        committed: Math.max(Number(offset), 0),
        end: Number(ends.get(partition) ?? 0),
      });
  }
  return offsets;
}
