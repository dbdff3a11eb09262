import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandContext, runCommand } from './command.ts';
import { cacheDirectory, temporaryDataDirectory } from './data-dir.ts';
import { containersIn } from './infrastructure/environment.ts';
import { type Infrastructure, startInfrastructure } from './infrastructure/start.ts';
import { projectRoot } from './paths.ts';
import { guardProcesses } from './process/guard.ts';
import { forgetProcess, recordProcess } from './process/records.ts';

/** `npm test`: every test, on real Kafka, Postgres and Redis of its own. */
export function run(jestArguments: string[]): Promise<never> {
  return runCommand(async (context) => {
    const dataDir = temporaryDataDirectory();
    try {
      const infrastructure = await startInfrastructure({
        ...context,
        dataDir,
        cacheDir: cacheDirectory(process.env),
        ports: 'free',
        containers: containersIn(process.env),
        env: process.env,
      });
      try {
        context.report.say(`Tests run on: ${describeSources(infrastructure)}`);
        return await runJest(jestArguments, infrastructure, dataDir, context);
      } finally {
        await infrastructure.stop();
      }
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
}

function describeSources({ sources }: Infrastructure): string {
  return Object.entries(sources)
    .map(([name, source]) => `${name} (${source})`)
    .join(', ');
}

async function runJest(
  jestArguments: string[],
  { kafkaBrokers, postgresUrl, redisUrl }: Infrastructure,
  dataDir: string,
  { signal }: CommandContext,
): Promise<number> {
  signal.throwIfAborted();
  const runDir = join(dataDir, 'run', 'jest');
  const guard = guardProcesses(runDir);
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(projectRoot, 'node_modules/jest/bin/jest.js'),
      ...jestArguments,
    ],
    {
      cwd: projectRoot,
      stdio: 'inherit',
      env: { ...process.env, KAFKA_BROKERS: kafkaBrokers, POSTGRES_URL: postgresUrl, REDIS_URL: redisUrl },
    },
  );
  recordProcess(runDir, 'jest', jest.pid as number, 'SIGTERM');
  signal.addEventListener('abort', () => jest.kill('SIGTERM'));
  const [exitCode] = (await once(jest, 'exit')) as [number | null];
  forgetProcess(runDir, 'jest');
  guard.release();
  return exitCode ?? 1;
}
