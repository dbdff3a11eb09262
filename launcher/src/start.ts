import { once } from 'node:events';
import { styleText } from 'node:util';
import { forEachService } from '@holdfast/shared/contracts/define';
import { type CommandContext, runCommand } from './command.ts';
import { cacheDirectory, dataDirectory } from './data-dir.ts';
import { type Infrastructure, startInfrastructure } from './infrastructure/start.ts';
import { requirePort } from './ports.ts';
import { removeRuntime, writeRuntime } from './runtime-file.ts';
import { setupError } from './setup-error.ts';
import { holdDataDirectory } from './single-launcher.ts';
import { type System, startSystem } from './system.ts';

/** `npm start`: the whole system, until Ctrl-C. */
export function run(): Promise<never> {
  return runCommand(async (context) => {
    const dataDir = dataDirectory(process.env);
    const held = holdDataDirectory(dataDir);
    try {
      await runSystem(dataDir, context);
    } finally {
      held.release();
    }
    return 0;
  });
}

async function runSystem(dataDir: string, context: CommandContext): Promise<void> {
  const { report, signal } = context;
  const startedAt = performance.now();
  const port = await requirePort(portIn(process.env));
  const infrastructure = await startInfrastructure({
    ...context,
    dataDir,
    cacheDir: cacheDirectory(process.env),
    ports: 'usual',
    containers: 'never',
    env: process.env,
  });
  try {
    const system = await startSystem({
      ...context,
      infrastructure,
      dataDir,
      port,
      metricsPort: process.env.METRICS_PORT ? Number(process.env.METRICS_PORT) : undefined,
      servicePorts: 'usual',
    });
    try {
      writeRuntime(dataDir, describe(system, infrastructure));
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      report.say(whereToGo(system.url, dataDir, seconds));
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      removeRuntime(dataDir);
      await system.stop();
    }
  } finally {
    await infrastructure.stop();
    report.say('Everything is stopped.');
  }
}

function portIn(env: NodeJS.ProcessEnv): number {
  const port = Number(env.PORT || 8080);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw setupError(`PORT=${env.PORT} is no port: set it to a number from 1 to 65535, or unset it for 8080`);
}

function describe(system: System, { kafkaBrokers, redisUrl }: Infrastructure) {
  return {
    url: system.url,
    services: forEachService((service) => system.services[service].map(({ url, pid }) => ({ url, pid }))),
    kafkaBrokers,
    postgresUrl: system.adminPostgresUrl,
    redisUrl,
    launcherPid: process.pid,
  };
}

function whereToGo(url: string, dataDir: string, seconds: string): string {
  return [
    '',
    `${styleText('bold', `Holdfast is ready at ${url}`)} after ${seconds} s`,
    `  buyer's page   ${url}/`,
    `  console        ${url}/console`,
    `  documentation  ${url}/docs/`,
    '  demo           npm run demo',
    `  data and logs  ${dataDir}`,
    '  stop           Ctrl-C',
    '',
  ].join('\n');
}
