import { rmSync } from 'node:fs';
import type { CommandContext } from '@holdfast/launcher/command';
import { cacheDirectory, temporaryDataDirectory } from '@holdfast/launcher/data-dir';
import { type Infrastructure, startInfrastructure } from '@holdfast/launcher/infrastructure/start';
import { type System, type SystemOptions, startSystem } from '@holdfast/launcher/system';

/**
 * Starts Kafka, Postgres and Redis with nothing in them, and takes them away again once the work is done.
 *
 * @param env may name others that run already
 */
export async function onFreshInfrastructure<Result>(
  context: CommandContext,
  env: NodeJS.ProcessEnv,
  work: (infrastructure: Infrastructure, dataDir: string) => Promise<Result>,
): Promise<Result> {
  const dataDir = temporaryDataDirectory();
  const infrastructure = await startInfrastructure({
    ...context,
    dataDir,
    cacheDir: cacheDirectory(process.env),
    ports: 'free',
    containers: 'never',
    env,
  });
  try {
    return await work(infrastructure, dataDir);
  } finally {
    await infrastructure.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Starts a whole system with nothing in it, and takes it away again once the work is done. */
export function onFreshSystem<Result>(
  context: CommandContext,
  options: Pick<SystemOptions, 'env' | 'instances'>,
  work: (system: System) => Promise<Result>,
): Promise<Result> {
  return onFreshInfrastructure(context, process.env, async (infrastructure, dataDir) => {
    const system = await startSystem({ ...context, infrastructure, dataDir, ...options });
    try {
      return await work(system);
    } finally {
      await system.stop();
    }
  });
}
