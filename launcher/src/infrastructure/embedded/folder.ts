import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedContext } from './context.ts';
import { giveTo } from './user.ts';

/** A part's own folder in the data directory, which belongs to the user that the part runs as. */
export function partFolder(context: EmbeddedContext, name: string): string {
  const folder = join(context.dataDir, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveTo(context.user, folder);
  return folder;
}

/** Fills a folder that appears as a whole or not at all: what was cut short is begun anew the next time. */
export async function createAtOnce(
  folder: string,
  fill: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  await fill(unfinished);
  renameSync(unfinished, folder);
}
