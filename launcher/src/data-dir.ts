import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { infrastructureUser, isOpenToOthers } from './infrastructure/embedded/user.ts';
import { projectRoot } from './paths.ts';

/** Where everything is kept that survives a restart. */
export function dataDirectory(env: NodeJS.ProcessEnv): string {
  if (env.HOLDFAST_DATA) return resolve(env.HOLDFAST_DATA);
  // Under a home that is closed to others, the user nobody couldn't reach its data.
  if (infrastructureUser() && !isOpenToOthers(projectRoot)) {
    const project = createHash('sha256').update(projectRoot).digest('hex').slice(0, 8);
    return join('/var/lib/holdfast', project);
  }
  return join(projectRoot, '.holdfast');
}

export function temporaryDataDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  chmodSync(folder, 0o711);
  return folder;
}

/** Fetched programs, which the data directories of tests share with that of `npm start`. */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  return join(dataDirectory(env), 'cache');
}
