import { mkdirSync, statfsSync } from 'node:fs';
import { guardProcesses } from '../../process/guard.ts';
import { endRecordedProcesses } from '../../process/records.ts';
import { setupError } from '../../setup-error.ts';
import { type Part, type PartName, partTitles } from '../part.ts';
import type { EmbeddedContext } from './context.ts';
import { fetchJars } from './jars.ts';
import { findJava } from './java.ts';
import { startKafka } from './kafka.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { isOpenToOthers } from './user.ts';

const neededBytes = 1024 ** 3;

/** Ways to start each part from real binaries on this machine. Call `close` once they have stopped. */
export interface Embedded {
  start(name: PartName, signal: AbortSignal): Promise<Part>;
  close(): void;
}

export async function prepareEmbedded(context: EmbeddedContext): Promise<Embedded> {
  const { dataDir, user, runDir, report } = context;
  // What is created here must be readable for the user that the parts run as.
  if (user) process.umask(0o022);
  for (const folder of [dataDir, context.cacheDir]) {
    mkdirSync(folder, { recursive: true });
    if (user && !isOpenToOthers(folder)) throw closedFolder(folder);
  }
  requireDiskSpace(dataDir);
  const leftovers = await endRecordedProcesses(runDir, 10_000);
  if (leftovers.length > 0) report.say(`Ended what a former run left behind: ${leftovers.join(', ')}`);

  const guard = guardProcesses(runDir);
  let jars: Promise<string> | undefined;
  function fetchedJars(signal: AbortSignal): Promise<string> {
    jars ??= fetchJars({ ...context, signal });
    return jars;
  }

  const starts: Record<PartName, (own: EmbeddedContext) => Promise<Part>> = {
    async kafka(own) {
      const java = findJava(process.env);
      return startKafka(own, java, `${await fetchedJars(own.signal)}/kafka`);
    },
    postgres: startPostgres,
    async redis(own) {
      return startRedis(own, `${await fetchedJars(own.signal)}/redis`);
    },
  };

  return {
    async start(name, signal) {
      const stage = report.stage(partTitles[name]);
      try {
        const part = await starts[name]({ ...context, signal });
        stage.done(`${partTitles[name]} on ${hostAndPort(part.url)}`);
        return part;
      } finally {
        stage.drop();
      }
    },
    close: guard.release,
  };
}

function requireDiskSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= neededBytes) return;
  throw setupError(
    `Less than 1 GB is free for ${folder}: free some space, or set HOLDFAST_DATA to a folder on another disk`,
  );
}

function closedFolder(folder: string): Error {
  return setupError(
    `As root the infrastructure runs as the user nobody, who may not enter ${folder}: ` +
      'set HOLDFAST_DATA to a folder that is open to others',
  );
}

function hostAndPort(url: string): string {
  return url.includes('://') ? new URL(url).host : url;
}
