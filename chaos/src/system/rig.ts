import { cacheDirectory } from '@holdfast/launcher/data-dir';
import type { PartName } from '@holdfast/launcher/infrastructure/part';
import { type Infrastructure, startInfrastructure } from '@holdfast/launcher/infrastructure/start';
import { freePort } from '@holdfast/launcher/ports';
import { keptSecrets } from '@holdfast/launcher/secrets';
import { type System, startSystem } from '@holdfast/launcher/system';
import type { Report } from '@holdfast/launcher/terminal/report';
import { type ExternalApi, startExternalApi } from '../external-api/server.ts';
import { deliveriesFile } from '../files.ts';
import { seeded } from '../random.ts';
import { startProxy, type TcpProxy } from './proxy.ts';
import { environment } from './settings.ts';

/** A whole Holdfast on real parts of its own, and what can be done to it. */
export type Rig = {
  system: System;
  infrastructure: Infrastructure;
  /** Through these the services reach Kafka, Postgres and Redis; the runner itself goes there directly. */
  proxies: Record<PartName, TcpProxy>;
  externalApi: ExternalApi;
  /** The administrator's, to the services' database. */
  adminPostgresUrl: string;
  stop: () => Promise<void>;
};

export type RigOptions = { dataDir: string; seed: number; report: Report; signal: AbortSignal };

/** Starts it all, each service twice; what has been started is stopped again where something fails. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const { dataDir, seed, report, signal } = options;
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.toReversed()) await one();
  };
  try {
    const externalApi = await startExternalApi({
      secret: keptSecrets(dataDir).externalApiSecret,
      file: deliveriesFile(dataDir),
    });
    stops.push(externalApi.stop);

    const ports = { kafka: await freePort(), postgres: 0, redis: 0 };
    const proxy = async (part: PartName, stream: number): Promise<TcpProxy> => {
      const started = await startProxy(() => ports[part], seeded(seed, stream));
      stops.push(started.close);
      return started;
    };
    const proxies = {
      kafka: await proxy('kafka', -1),
      postgres: await proxy('postgres', -2),
      redis: await proxy('redis', -3),
    };

    const infrastructure = await startInfrastructure({
      dataDir,
      cacheDir: cacheDirectory(process.env),
      report,
      ports: 'free',
      kafkaProxied: { port: ports.kafka, advertisedPort: proxies.kafka.port },
      containers: 'never',
      env: {},
      signal,
    });
    stops.push(infrastructure.stop);
    ports.postgres = portOf(infrastructure.postgresUrl);
    ports.redis = portOf(infrastructure.redisUrl);

    const port = await freePort();
    const system = await startSystem({
      infrastructure: {
        kafkaBrokers: `127.0.0.1:${proxies.kafka.port}`,
        postgresUrl: withPort(infrastructure.postgresUrl, proxies.postgres.port),
        redisUrl: withPort(infrastructure.redisUrl, proxies.redis.port),
      },
      dataDir,
      port,
      instances: { orchestrator: 2, reservation: 2, payment: 2, balance: 2, token: 2 },
      env: environment({ externalApiUrl: externalApi.url, gatewayUrl: `http://localhost:${port}` }),
      report,
      signal,
    });
    stops.push(system.stop);
    const adminPostgresUrl = withPort(system.adminPostgresUrl, ports.postgres);
    return { system, infrastructure, proxies, externalApi, adminPostgresUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const portOf = (url: string): number => Number(new URL(url).port);

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
