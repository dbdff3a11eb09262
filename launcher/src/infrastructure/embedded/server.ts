import { join } from 'node:path';
import { supervise } from '../../process/supervise.ts';
import { untilReady } from '../../process/until.ts';
import type { Part, PartName } from '../part.ts';
import { probes } from '../probes.ts';
import type { EmbeddedContext } from './context.ts';

export interface Server {
  name: PartName;
  url: string;
  command: string;
  args: string[];
  stopSignal?: NodeJS.Signals;
}

/** Starts a server under supervision and waits until it answers at its URL. */
export async function startServer(context: EmbeddedContext, server: Server): Promise<Part> {
  const { name, url, command, args, stopSignal = 'SIGTERM' } = server;
  const logFile = join(context.logsDir, `${name}.log`);
  const process = supervise({
    name,
    command,
    args,
    env: bareEnvironment(),
    user: context.user,
    logFile,
    runDir: context.runDir,
    stopSignal,
    onDeath: context.onDeath,
  });
  try {
    const { signal } = context;
    await untilReady({
      process,
      logFile,
      check: () => probes[name](url, context.secure?.clientEnv ?? {}),
      withinMs: 120_000,
      signal,
    });
  } catch (error) {
    await process.stop();
    throw error;
  }
  return { name, source: 'embedded', url, process, stop: process.stop };
}

/** Without what steers these programs by the way: PG… variables, JVM options, a locale that isn't installed. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}
