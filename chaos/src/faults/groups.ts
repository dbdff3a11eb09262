import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@holdfast/launcher/service-names';
import { commandsTopic, eventsTopic, repliesTopic } from '@holdfast/shared/messaging/topics';
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

/**
 * A group reads its topics again from their beginning. Offsets can be set only while nobody is in the group: so its
 * members are stopped until it has forgotten them, and then killed.
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
        for (const topic of topics)
          await stage.topics.admin((admin) => admin.resetOffsets({ groupId: group, topic, earliest: true }));
      },
    );
  },
};

async function untilEmpty({ topics }: Stage, group: string): Promise<void> {
  const deadline = Date.now() + emptyWithinMs;
  for (;;) {
    const { groups } = await topics.admin((admin) => admin.describeGroups([group]));
    if (groups[0]?.members.length === 0) return;
    if (Date.now() > deadline) throw new Error(`group ${group} doesn't become empty`);
    await sleep(250);
  }
}
