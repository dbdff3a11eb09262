import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writePrivateJson } from './private-file.ts';
import { processIdentity } from './process/identity.ts';
import { setupError } from './setup-error.ts';

interface Holder {
  pid: number;
  identity: string | undefined;
}

/** One launcher for each data directory: a second would end the first one's processes as leftovers. */
export function holdDataDirectory(dataDir: string): { release(): void } {
  const file = join(dataDir, 'launcher.json');
  const holder = readJson<Holder>(file);
  if (holder && processIdentity(holder.pid) === holder.identity) {
    throw setupError(
      `Holdfast is running already with the data in ${dataDir} (process ${holder.pid}): ` +
        'stop that one, or set HOLDFAST_DATA to another folder',
    );
  }
  mkdirSync(dataDir, { recursive: true });
  writePrivateJson(file, { pid: process.pid, identity: processIdentity(process.pid) } satisfies Holder);
  return { release: () => rmSync(file, { force: true }) };
}
