import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setupError } from '../../setup-error.ts';
import type { Part } from '../part.ts';
import type { EmbeddedContext } from './context.ts';
import { partFolder } from './folder.ts';
import { certificateFiles } from './secure.ts';
import { startServer } from './server.ts';

const architectures: Partial<Record<string, string[]>> = { x64: ['amd64', '386'], arm64: ['arm64'] };

export async function startRedis(context: EmbeddedContext, programs: string): Promise<Part> {
  const folder = partFolder(context, 'redis');
  const port = await context.port(6379);
  return startServer(context, {
    name: 'redis',
    url: context.secure
      ? `rediss://admin:${context.secure.adminPassword}@127.0.0.1:${port}`
      : `redis://127.0.0.1:${port}`,
    command: runnableServer(programs),
    // A snapshot once a minute if anything changed, and therefore at an orderly end as well.
    args: ['--bind', '127.0.0.1', ...listening(context, folder, port), '--dir', folder, '--save', '60', '1'],
  });
}

function listening(context: EmbeddedContext, folder: string, port: number): string[] {
  if (!context.secure) return ['--port', String(port)];
  const { adminPassword, redisUsers } = context.secure;
  const { certificate, key } = certificateFiles(context, context.secure, folder);
  const users = { default: 'off', admin: `on >${adminPassword} ~* &* +@all`, ...redisUsers };
  return [
    ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate],
    ...Object.entries(users).flatMap(([name, rules]) => ['--user', name, ...rules.split(' ')]),
  ];
}

/** The first that runs here: the fetched one may miss a library, such as OpenSSL 3. */
function runnableServer(programs: string): string {
  const candidates = [...fetchedServers(programs), 'redis-server'];
  const runnable = candidates.find((command) => spawnSync(command, ['--version']).status === 0);
  if (runnable) return runnable;
  throw setupError(
    'No redis-server runs here: install one (Debian: apt install redis-server; macOS: brew install redis), ' +
      'or set REDIS_URL',
  );
}

function fetchedServers(programs: string): string[] {
  const files = existsSync(programs) ? readdirSync(programs) : [];
  return (architectures[process.arch] ?? [])
    .flatMap((architecture) => files.filter((file) => file.endsWith(`-${architecture}`)))
    .map((file) => {
      const path = join(programs, file);
      chmodSync(path, 0o755);
      return path;
    });
}
