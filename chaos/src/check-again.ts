import { cacheDirectory } from '@holdfast/launcher/data-dir';
import { startInfrastructure } from '@holdfast/launcher/infrastructure/start';
import type { Context } from './run.ts';
import { judge } from './verdict.ts';

/** `--check`: checks once more what the last run has left behind, without its services. @returns the exit code */
export async function checkAgain({ dataDir, report, signal }: Context): Promise<number> {
  const infrastructure = await startInfrastructure({
    dataDir,
    cacheDir: cacheDirectory(process.env),
    report,
    ports: 'free',
    containers: 'never',
    env: {},
    signal,
  });
  try {
    const adminPostgresUrl = new URL(infrastructure.postgresUrl);
    adminPostgresUrl.pathname = '/holdfast';
    return await judge({
      dataDir,
      adminPostgresUrl: adminPostgresUrl.href,
      kafkaBrokers: infrastructure.kafkaBrokers.split(','),
      redisUrl: infrastructure.redisUrl,
      say: report.say,
    });
  } finally {
    await infrastructure.stop();
  }
}
