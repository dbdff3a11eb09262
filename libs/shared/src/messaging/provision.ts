import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type AclEntry, type Admin } from 'kafkajs';
import { type ServiceName, serviceNames } from '../contracts/define.ts';
import { type Grant, grantsOf, type Operation } from './access.ts';
import { whileStarting } from './fault.ts';
import type { KafkaServer } from './server.ts';
import { topicPlans } from './topics.ts';

// Node doesn't see them among the names that kafkajs exports.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } =
  kafkajs;

/** How often a topic is kept; the brokers' defaults unless set. */
export type Replication = {
  replicationFactor?: number | undefined;
  minInsyncReplicas?: number | undefined;
};

/**
 * Makes the topics, and gives each service's user the rights that it needs and takes away others that it has here. May be
 * repeated at any time, by an administrator; it changes no topic that is there.
 *
 * @param options.users without them rights are nobody's: the cluster has no authorizer
 */
export async function provisionKafka(
  options: {
    server: KafkaServer;
    prefix: string;
    users?: Record<ServiceName, string> | undefined;
  } & Replication,
): Promise<void> {
  const { server, prefix, users } = options;
  const admin = new Kafka({
    ...server,
    clientId: 'holdfast-provision',
    logLevel: logLevel.NOTHING,
  }).admin();
  try {
    await whileStarting(() => admin.connect());
    await whileStarting(() => createTopics(admin, prefix, options));
    if (!users) return;
    for (const service of serviceNames) await grant(admin, prefix, users[service], grantsOf(service));
  } finally {
    await admin.disconnect();
  }
}

/** Several services start at once and each makes what is missing: a topic that another just made is no error. */
export async function createTopics(
  admin: Admin,
  prefix: string,
  { replicationFactor, minInsyncReplicas }: Replication = {},
): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topicPlans.filter(({ topic }) => !existing.has(prefix + topic));
  if (missing.length === 0) return;
  await admin.createTopics({
    topics: missing.map(({ topic, partitions, config }) => ({
      topic: prefix + topic,
      numPartitions: partitions,
      ...(replicationFactor !== undefined && { replicationFactor }),
      configEntries: Object.entries({
        ...config,
        ...(minInsyncReplicas !== undefined && { 'min.insync.replicas': String(minInsyncReplicas) }),
      }).map(([name, value]) => ({ name, value })),
    })),
    waitForLeaders: false,
  });
  await topicsKnown(
    admin,
    missing.map(({ topic }) => prefix + topic),
  );
}

/**
 * Waits until the broker knows the new topics. kafkajs's own wait fails where that takes a moment (#1222), and with it
 * every few starts on a new cluster.
 */
async function topicsKnown(admin: Admin, topics: string[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.fetchTopicMetadata({ topics });
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(100);
    }
  }
}

const operations: Record<Operation, AclEntry['operation']> = {
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  delete: AclOperationTypes.DELETE,
  describe: AclOperationTypes.DESCRIBE,
  'describe-configs': AclOperationTypes.DESCRIBE_CONFIGS,
};

async function grant(admin: Admin, prefix: string, user: string, grants: readonly Grant[]): Promise<void> {
  const principal = `User:${user}`;
  const wanted = new Map(grants.flatMap((each) => entriesOf(principal, prefix, each)).map(keyed));
  const existing = new Map((await entriesOfPrincipal(admin, principal)).map(keyed));

  const missing = [...wanted].filter(([key]) => !existing.has(key)).map(([, entry]) => entry);
  if (missing.length > 0) await admin.createAcls({ acl: missing });
  // What the version before needed; of what another installation on this cluster has given, nothing.
  const outdated = [...existing].filter(
    ([key, { resourceName }]) => !wanted.has(key) && resourceName.startsWith(prefix),
  );
  if (outdated.length > 0) await admin.deleteAcls({ filters: outdated.map(([, entry]) => entry) });
}

const keyed = (entry: AclEntry): [string, AclEntry] => [
  [
    entry.resourceType,
    entry.resourcePatternType,
    entry.resourceName,
    entry.operation,
    entry.permissionType,
    entry.host,
  ].join(' '),
  entry,
];

function entriesOf(principal: string, prefix: string, grant: Grant): AclEntry[] {
  return grant.operations.map((operation) => ({
    principal,
    host: '*',
    permissionType: AclPermissionTypes.ALLOW,
    operation: operations[operation],
    resourceType: grant.resource === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: prefix + grant.name,
    resourcePatternType: grant.prefixed ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
  }));
}

async function entriesOfPrincipal(admin: Admin, principal: string): Promise<AclEntry[]> {
  const { resources } = await admin.describeAcls({
    principal,
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  });
  return resources.flatMap(({ acls, ...resource }) => acls.map((acl) => ({ ...resource, ...acl })));
}
