import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../../process/run-tool.ts';
import type { Part } from '../part.ts';
import type { EmbeddedContext } from './context.ts';
import { createAtOnce, partFolder } from './folder.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { certificateFiles } from './secure.ts';
import { bareEnvironment, startServer } from './server.ts';
import { giveTo } from './user.ts';

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=128MB',
];

export async function startPostgres(context: EmbeddedContext): Promise<Part> {
  const folder = partFolder(context, 'postgres');
  const binaries = await postgresBinaries(context.cacheDir, context.user);
  const password = keptPassword(join(folder, 'password'));
  const data = join(folder, 'data');
  if (!existsSync(data)) {
    await createAtOnce(data, (unfinished) => initialise(context, binaries, unfinished, password));
  }

  const port = await context.port(5432);
  const verified = context.secure ? `?sslmode=verify-full&sslrootcert=${context.secure.caFile}` : '';
  return startServer(context, {
    name: 'postgres',
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres${verified}`,
    command: join(binaries, 'bin', 'postgres'),
    args: [
      '-D',
      data,
      '-p',
      String(port),
      ...[...settings, ...encrypted(context, folder)].flatMap((setting) => ['-c', setting]),
    ],
    // A fast shutdown: SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
  });
}

/** Nobody gets in without TLS. */
function encrypted(context: EmbeddedContext, folder: string): string[] {
  if (!context.secure) return [];
  const { certificate, key } = certificateFiles(context, context.secure, folder);
  const hba = join(folder, 'hba.conf');
  writeFileSync(hba, 'hostssl all all all scram-sha-256\n');
  return ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`, `hba_file=${hba}`];
}

async function initialise(
  context: EmbeddedContext,
  binaries: string,
  data: string,
  password: string,
): Promise<void> {
  const passwordFile = `${data}.password`;
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(context.user, passwordFile);
  try {
    await runTool({
      name: 'initdb',
      command: join(binaries, 'bin', 'initdb'),
      args: [
        `--pgdata=${data}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      env: bareEnvironment(),
      user: context.user,
      runDir: context.runDir,
      signal: context.signal,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function keptPassword(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
