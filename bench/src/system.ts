import { rmSync } from 'node:fs';
import type { CommandContext } from '@holdfast/launcher/command';
import { cacheDirectory, temporaryDataDirectory } from '@holdfast/launcher/data-dir';
import { startInfrastructure } from '@holdfast/launcher/infrastructure/start';
import { type System, type SystemOptions, startSystem } from '@holdfast/launcher/system';

/** Starts a whole system with nothing in it, and takes it away again once the work is done. */
export async function onFreshSystem<Result>(
  context: CommandContext,
  options: Pick<SystemOptions, 'env' | 'instances'>,
  work: (system: System) => Promise<Result>,
): Promise<Result> {
  const dataDir = temporaryDataDirectory();
  const infrastructure = await startInfrastructure({
    ...context,
    dataDir,
    cacheDir: cacheDirectory(process.env),
    ports: 'free',
    containers: 'never',
    env: process.env,
  });
  try {
    const system = await startSystem({ ...context, infrastructure, dataDir, ...options });
    try {
      return await work(system);
    } finally {
      await system.stop();
    }
  } finally {
    await infrastructure.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
