import { join } from 'node:path';
import { freePort, portNear } from '../ports.ts';
import { startSideBySide } from '../process/side-by-side.ts';
import type { Death, Supervised } from '../process/supervise.ts';
import { setupError } from '../setup-error.ts';
import type { Report } from '../terminal/report.ts';
import { type Containers, findContainers, images } from './containers.ts';
import type { EmbeddedContext } from './embedded/context.ts';
import type { ProxiedListener } from './embedded/kafka-properties.ts';
import type { Secure } from './embedded/secure.ts';
import { type Embedded, prepareEmbedded } from './embedded/start.ts';
import { infrastructureUser } from './embedded/user.ts';
import { urlInEnvironment, useEnvironment } from './environment.ts';
import { type ContainerUse, type Part, type PartName, partTitles, type Source } from './part.ts';

export interface InfrastructureOptions {
  dataDir: string;
  /** Downloaded programs; several data directories may share them. */
  cacheDir: string;
  report: Report;
  /** `usual`: 9092, 5432 and 6379, where they are free. */
  ports: 'usual' | 'free';
  /** A second listener of the embedded Kafka, for clients that reach it through a proxy. */
  kafkaProxied?: ProxiedListener;
  /** TLS, users and passwords for the embedded parts; without it they are open to whoever is on this machine. */
  secure?: Secure;
  /** Whether the parts run in Docker: never, where an engine and their images are there, or nowhere else. */
  containers: ContainerUse;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

export interface Infrastructure {
  kafkaBrokers: string;
  /** Of a user who may create databases and roles. */
  postgresUrl: string;
  redisUrl: string;
  sources: Record<PartName, Source>;
  /** Those of the embedded parts, which tests kill. */
  processes: Partial<Record<PartName, Supervised>>;
  stop(): Promise<void>;
}

const names: PartName[] = ['kafka', 'postgres', 'redis'];

/** Kafka, Postgres and Redis, each from the environment, from Docker or from binaries on this machine. */
export async function startInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { env, report, signal } = options;
  const wanted = names.filter((name) => !urlInEnvironment(name, env));
  const containers =
    options.containers !== 'never' && wanted.length > 0 ? await findContainers(report) : undefined;
  const ownParts = wanted.filter((name) => !containers?.names.has(name));
  if (options.containers === 'always' && ownParts.length > 0) throw noContainers(ownParts, containers);
  const embedded = ownParts.length > 0 ? await prepareEmbedded(ownParts, contextFor(options)) : undefined;

  async function startPart(name: PartName, either: AbortSignal): Promise<Part> {
    const url = urlInEnvironment(name, env);
    if (url) return useEnvironment(name, url, env, report);
    if (containers?.names.has(name)) return containers.start(name);
    return (embedded as Embedded).start(name, either);
  }

  try {
    const [kafka, postgres, redis] = (await startSideBySide(
      names.map((name) => (either) => startPart(name, either)),
      signal,
    )) as [Part, Part, Part];
    const parts = { kafka, postgres, redis };
    return {
      kafkaBrokers: kafka.url,
      postgresUrl: postgres.url,
      redisUrl: redis.url,
      sources: { kafka: kafka.source, postgres: postgres.source, redis: redis.source },
      processes: Object.fromEntries(
        names.flatMap((name) => (parts[name].process ? [[name, parts[name].process]] : [])),
      ),
      async stop() {
        await Promise.all(names.map((name) => parts[name].stop()));
        embedded?.close();
      },
    };
  } catch (error) {
    embedded?.close();
    throw error;
  }
}

function noContainers(missing: PartName[], containers: Containers | undefined): Error {
  if (!containers) return setupError('No Docker engine answers: start one, or unset HOLDFAST_PARTS');
  const pull = missing.map((name) => `docker pull ${images[name]}`).join(' && ');
  return setupError(`Images are missing: ${pull}, or unset HOLDFAST_PARTS`);
}

function contextFor(options: InfrastructureOptions): EmbeddedContext {
  const { dataDir, cacheDir, ports, kafkaProxied, secure, report, signal } = options;
  return {
    dataDir,
    cacheDir,
    logsDir: join(dataDir, 'logs'),
    runDir: join(dataDir, 'run', 'infrastructure'),
    user: infrastructureUser(),
    port: ports === 'usual' ? portNear : freePort,
    kafkaProxied,
    secure,
    report,
    onDeath: (death) => reportDeath(report, death),
    signal,
  };
}

function reportDeath(report: Report, { name, how, retryInMs }: Death): void {
  report.say(`${partTitles[name as PartName]} died (${how}), starting it again in ${retryInMs / 1_000} s`);
}
