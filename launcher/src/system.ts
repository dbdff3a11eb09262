import { join } from 'node:path';
import { databaseNamedIn, type Provisioned, provision } from '@holdfast/provision/postgres';
import { forEachService, type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
import type { Infrastructure } from './infrastructure/start.ts';
import { type Instance, type Instances, planInstances } from './instances.ts';
import { gatewayMain, projectRoot } from './paths.ts';
import { freePort } from './ports.ts';
import { guardProcesses } from './process/guard.ts';
import { endRecordedProcesses } from './process/records.ts';
import { startSideBySide } from './process/side-by-side.ts';
import { type RunningService, type ServiceProcess, startService } from './running-service.ts';
import { keptSecrets, type Secrets } from './secrets.ts';
import { serviceEnvironment } from './service-environment.ts';
import type { Report } from './terminal/report.ts';

type ProcessSpec = Pick<ServiceProcess, 'name' | 'url' | 'entryPoint' | 'env'>;

export interface SystemOptions {
  infrastructure: Pick<Infrastructure, 'kafkaBrokers' | 'postgresUrl' | 'redisUrl'>;
  /** For logs, secrets and the records of running processes; no two running systems share one. */
  dataDir: string;
  /** The gateway's port; any free one unless told. */
  port?: number;
  /** `usual`: the services on 8081 to 8085, where they are free. */
  servicePorts?: 'usual' | 'free';
  /** Systems that share an infrastructure differ in database, topic prefix and the Redis URL's database. */
  database?: string;
  topicPrefix?: string;
  /** The gateway's for metrics; the services' are those that follow it. None unless told. */
  metricsPort?: number | undefined;
  /** How many of each service; one unless told. */
  instances?: Partial<Record<ServiceName, number>>;
  /** Variables for one service, for `all` of them, or for the gateway. */
  env?: Partial<Record<ServiceName | 'gateway' | 'all', NodeJS.ProcessEnv>>;
  report: Report;
  signal: AbortSignal;
}

export interface System {
  /** The gateway's: the one origin of the API. */
  url: string;
  gateway: RunningService;
  services: Record<ServiceName, RunningService[]>;
  /** The administrator's, to the services' database. */
  adminPostgresUrl: string;
  stop(): Promise<void>;
}

/** Provisions the database, starts the services and the gateway, and waits until all of them are ready. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { dataDir, infrastructure, report, signal } = options;
  const runDir = join(dataDir, 'run', 'system');
  await endRecordedProcesses(runDir, 10_000);

  const secrets = keptSecrets(dataDir);
  const database = options.database ?? databaseNamedIn(infrastructure.postgresUrl);
  const provisioned = await provision({
    adminUrl: infrastructure.postgresUrl,
    database,
    passwords: secrets.databasePasswords,
  });
  const instances = await planInstances(options.instances ?? {}, options.servicePorts ?? 'free');
  const specs = [
    ...Object.values(instances)
      .flat()
      .map((instance, i) => serviceProcess(instance, i + 1, instances, provisioned, secrets, options)),
    gatewayProcess(options.port ?? (await freePort()), instances, options),
  ];

  const guard = guardProcesses(runDir);
  try {
    const running = await startAll(specs, { logsDir: join(dataDir, 'logs'), runDir, report, signal });
    const find = (name: string) => running.find((process) => process.name === name) as RunningService;
    const gateway = find('gateway');
    return {
      url: gateway.url,
      gateway,
      services: forEachService((service) => instances[service].map(({ name }) => find(name))),
      adminPostgresUrl: provisioned.adminUrl,
      async stop() {
        await Promise.all(running.map((process) => process.stop()));
        guard.release();
      },
    };
  } catch (error) {
    guard.release();
    throw error;
  }
}

async function startAll(
  specs: ProcessSpec[],
  shared: { logsDir: string; runDir: string; report: Report; signal: AbortSignal },
): Promise<RunningService[]> {
  const stage = shared.report.stage('Services');
  let ready = 0;
  try {
    const running = await startSideBySide(
      specs.map((spec) => async (signal: AbortSignal) => {
        const process = await startService({ ...spec, ...shared, signal });
        ready += 1;
        stage.update(`${ready} of ${specs.length} ready`);
        return process;
      }),
      shared.signal,
    );
    stage.done(`Services: ${running.map(({ name, url }) => `${name} :${new URL(url).port}`).join(', ')}`);
    return running;
  } finally {
    stage.drop();
  }
}

function serviceProcess(
  instance: Instance,
  number: number,
  instances: Instances,
  { serviceUrls }: Provisioned,
  secrets: Secrets,
  { infrastructure, topicPrefix, metricsPort, env = {} }: SystemOptions,
): ProcessSpec {
  const { service, name, url, port } = instance;
  return {
    name,
    url,
    entryPoint: join(projectRoot, 'services', service, 'dist', 'main.js'),
    env: serviceEnvironment(process.env, {
      service,
      port,
      postgresUrl: serviceUrls[service],
      kafkaBrokers: infrastructure.kafkaBrokers,
      topicPrefix,
      redisUrl: infrastructure.redisUrl,
      urls: forEachService((name) => instances[name].map(({ url }) => url)),
      secrets,
      own: { KAFKA_INSTANCE_ID: name, ...metricsOn(metricsPort, number), ...env.all, ...env[service] },
    }),
  };
}

// A process of its own: what it carries doesn't hold up supervision, and it is restarted like any other.
function gatewayProcess(
  port: number,
  instances: Instances,
  { metricsPort, env = {} }: SystemOptions,
): ProcessSpec {
  const upstreams = serviceNames.map((service) => [
    `${service.toUpperCase()}_URL`,
    instances[service].map(({ url }) => url).join(','),
  ]);
  return {
    name: 'gateway',
    url: `http://localhost:${port}`,
    entryPoint: gatewayMain,
    env: {
      PATH: process.env.PATH,
      DRAIN_MS: process.env.DRAIN_MS ?? '0',
      ...telemetryIn(process.env),
      ...metricsOn(metricsPort, 0),
      ...env.gateway,
      HOST: 'localhost',
      PORT: String(port),
      ...Object.fromEntries(upstreams),
    },
  };
}

const metricsOn = (first: number | undefined, number: number): NodeJS.ProcessEnv =>
  first === undefined ? {} : { METRICS_PORT: String(first + number) };

const telemetryIn = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('OTEL_')));
