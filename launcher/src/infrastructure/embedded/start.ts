import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { guardProcesses } from '../../process/guard.ts';
import { endRecordedProcesses } from '../../process/records.ts';
import { setupError } from '../../setup-error.ts';
import type { Report } from '../../terminal/report.ts';
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

export async function prepareEmbedded(names: PartName[], context: EmbeddedContext): Promise<Embedded> {
  const { dataDir, user, runDir, report } = context;
  // What is created here must be readable for the user that the parts run as.
  if (user) process.umask(0o022);
  for (const folder of [dataDir, context.cacheDir]) {
    mkdirSync(folder, { recursive: true });
    if (user && !isOpenToOthers(folder)) throw closedFolder(folder);
  }
  requireDiskSpace(dataDir);
  const java = names.includes('kafka') ? findJava(process.env) : '';
  const leftovers = await endRecordedProcesses(runDir, 10_000);
  if (leftovers.length > 0) report.say(`Ended what a former run left behind: ${leftovers.join(', ')}`);

  const guard = guardProcesses(runDir);
  let fetched: Promise<string> | undefined;
  function jars(signal: AbortSignal): Promise<string> {
    fetched ??= fetchJars({ ...context, signal });
    return fetched;
  }

  async function start(name: PartName, own: EmbeddedContext): Promise<Part> {
    switch (name) {
      case 'kafka': {
        const folder = join(await jars(own.signal), 'kafka');
        return shown(name, report, () => startKafka(own, java, folder));
      }
      case 'redis': {
        const folder = join(await jars(own.signal), 'redis');
        return shown(name, report, () => startRedis(own, folder));
      }
      case 'postgres':
        return shown(name, report, () => startPostgres(own));
    }
  }

  return {
    start: (name, signal) => start(name, { ...context, signal }),
    close: guard.release,
  };
}

async function shown(name: PartName, report: Report, start: () => Promise<Part>): Promise<Part> {
  const stage = report.stage(partTitles[name]);
  try {
    const part = await start();
    stage.done(`${partTitles[name]} on ${hostAndPort(part.url)}`);
    return part;
  } finally {
    stage.drop();
  }
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
