import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@holdfast/shared/contracts/define';
import { commandsTopic, eventsTopic, repliesTopic } from '@holdfast/shared/messaging/topics';
import type { Admin } from 'kafkajs';
import { type Fault, forAWhile, type Stage } from './fault.ts';

/** Who reads what. */
export const consumedTopics: readonly { group: string; service: ServiceName; topics: readonly string[] }[] = [
  ...(['reservation', 'payment', 'balance', 'token'] as const).map((service) => ({
    group: service,
    service,
    topics: [commandsTopic(service)],
  })),
  { group: 'orchestrator', service: 'orchestrator', topics: [repliesTopic] },
  {
    group: 'external-api',
    service: 'orchestrator',
    topics: [eventsTopic('reservation'), eventsTopic('payment')],
  },
];

const emptyWithinMs = 20_000;
/** Of each partition: late in a long run the beginning is so far away that the run would do nothing but read again. */
const maxReadAgain = 10_000;

/**
 * A group reads its topics again from their beginning, or a long way back. Offsets can be set only while nobody is in the
 * group: so its members are stopped until it has forgotten them, and then killed.
 */
export const groupReset: Fault = {
  kind: 'group-reset',
  inject: (stage) => {
    const { group, service, topics } = stage.random.pick(consumedTopics);
    const members = stage.rig.system.services[service];
    return forAWhile(
      group,
      () => {
        for (const member of members) member.kill('SIGSTOP');
      },
      () => {
        for (const member of members) member.kill('SIGKILL');
      },
      async () => {
        await untilEmpty(stage, group);
        for (const topic of topics) await stage.topics.admin((admin) => goBack(admin, group, topic));
      },
    );
  },
};

async function goBack(admin: Admin, groupId: string, topic: string): Promise<void> {
  const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
    partition,
    offset: String(Math.max(Number(low), Number(high) - maxReadAgain)),
  }));
  await admin.setOffsets({ groupId, topic, partitions });
}

async function untilEmpty({ topics }: Stage, group: string): Promise<void> {
  const deadline = Date.now() + emptyWithinMs;
  for (;;) {
    const { groups } = await topics.admin((admin) => admin.describeGroups([group]));
    if (groups[0]?.members.length === 0) return;
    if (Date.now() > deadline) throw new Error(`group ${group} doesn't become empty`);
    await sleep(250);
  }
}
