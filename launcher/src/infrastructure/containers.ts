import { processIdentity } from '../process/identity.ts';
import type { Report } from '../terminal/report.ts';
import { type Part, type PartName, partTitles } from './part.ts';

export const images: Record<PartName, string> = {
  kafka: 'confluentinc/cp-kafka:8.1.0',
  postgres: 'postgres:17.7-alpine',
  redis: 'redis:7.4.7-alpine',
};

const ownerLabel = 'dev.holdfast.launcher';

/** The parts that Docker can run here without fetching anything. */
export interface Containers {
  names: ReadonlySet<PartName>;
  start(name: PartName): Promise<Part>;
}

export async function findContainers(report: Report): Promise<Containers | undefined> {
  // Its reaper is one more image to fetch; what it would reap is ended below.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  // Loaded only when asked for: it takes a second.
  const { getContainerRuntimeClient, ImageName } = await import('testcontainers');
  const client = await getContainerRuntimeClient().catch(() => undefined);
  if (!client) return undefined;

  const names = new Set<PartName>();
  for (const [name, image] of Object.entries(images) as [PartName, string][]) {
    if (await client.image.exists(ImageName.fromString(image))) names.add(name);
  }
  await removeLeftovers(client.container.dockerode);

  return {
    names,
    async start(name) {
      const stage = report.stage(`${partTitles[name]} in a container`);
      try {
        const part = await starts[name]();
        stage.done(`${partTitles[name]} in a container, ${images[name]}`);
        return part;
      } finally {
        stage.drop();
      }
    },
  };
}

const starts: Record<PartName, () => Promise<Part>> = {
  async kafka() {
    const { KafkaContainer } = await import('@testcontainers/kafka');
    const container = await new KafkaContainer(images.kafka)
      .withKraft()
      .withLabels(labels())
      .withEnvironment({
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
        KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
        KAFKA_MESSAGE_MAX_BYTES: String(2 * 1024 * 1024),
      })
      .start();
    return contained('kafka', `${container.getHost()}:${container.getMappedPort(9093)}`, container);
  },
  async postgres() {
    const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
    const container = await new PostgreSqlContainer(images.postgres)
      .withDatabase('postgres')
      .withLabels(labels())
      .withCommand(['postgres', '-c', 'max_connections=200'])
      .start();
    return contained('postgres', container.getConnectionUri(), container);
  },
  async redis() {
    const { RedisContainer } = await import('@testcontainers/redis');
    const container = await new RedisContainer(images.redis).withLabels(labels()).start();
    return contained('redis', container.getConnectionUrl(), container);
  },
};

function contained(name: PartName, url: string, container: { stop(): Promise<unknown> }): Part {
  return {
    name,
    source: 'containers',
    url,
    async stop() {
      await container.stop();
    },
  };
}

function labels(): Record<string, string> {
  return { [ownerLabel]: `${process.pid} ${processIdentity(process.pid)}` };
}

interface Docker {
  listContainers(options: object): Promise<{ Id: string; Labels: Record<string, string> }[]>;
  getContainer(id: string): { remove(options: object): Promise<unknown> };
}

async function removeLeftovers(docker: Docker): Promise<void> {
  for (const { Id, Labels } of await docker.listContainers({ all: true, filters: { label: [ownerLabel] } })) {
    const [pid, identity] = (Labels[ownerLabel] ?? '').split(' ');
    if (processIdentity(Number(pid)) === identity) continue;
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
}
