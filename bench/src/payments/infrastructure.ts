import { rmSync } from 'node:fs';
import type { CommandContext } from '@holdfast/launcher/command';
import { cacheDirectory, temporaryDataDirectory } from '@holdfast/launcher/data-dir';
import { type Infrastructure, startInfrastructure } from '@holdfast/launcher/infrastructure/start';

/** Kafka, Postgres and Redis for all contenders in turn. They are our own children, or what they take wouldn't be seen. */
export async function onInfrastructure<Result>(
  context: CommandContext,
  work: (infrastructure: Infrastructure, dataDir: string) => Promise<Result>,
): Promise<Result> {
  const dataDir = temporaryDataDirectory();
  const infrastructure = await startInfrastructure({
    ...context,
    dataDir,
    cacheDir: cacheDirectory(process.env),
    ports: 'free',
    containers: 'never',
    env: {},
  });
  try {
    return await work(infrastructure, dataDir);
  } finally {
    await infrastructure.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
