import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@holdfast/launcher/ports';
import pg from 'pg';
import { schema } from '../servers/schema.ts';
import type { Call, Running, StartOptions } from './contender.ts';

/** A server of this package, in a process of its own that is started again at once when it dies. */
export type OwnServer = {
  pid: () => number[];
  kill: () => void;
  stop: () => Promise<void>;
};

const restartAfterMs = 100;

export async function startServer(options: {
  name: string;
  env: NodeJS.ProcessEnv;
  logsDir: string;
  inspectPort: number | undefined;
  ready: () => Promise<boolean>;
  signal: AbortSignal;
}): Promise<OwnServer> {
  const { name, env, logsDir, inspectPort, ready, signal } = options;
  const script = fileURLToPath(new URL(`../servers/${name}.js`, import.meta.url));
  mkdirSync(logsDir, { recursive: true });
  let child: ChildProcess;
  let stopping = false;

  function start(): void {
    const log = openSync(join(logsDir, `${name}.log`), 'a');
    child = spawn(
      process.execPath,
      [...(inspectPort ? [`--inspect=127.0.0.1:${inspectPort}`] : []), script],
      {
        env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
        // By the channel it learns that we have ended. Its own group: Ctrl-C is for us, who stop it in order.
        stdio: ['ignore', log, log, 'ipc'],
        detached: true,
      },
    );
    closeSync(log);
    child.once('exit', () => {
      if (!stopping) setTimeout(start, restartAfterMs);
    });
  }

  start();
  for (const deadline = Date.now() + 30_000; !(await ready().catch(() => false)); ) {
    if (Date.now() > deadline) throw new Error(`${name} isn't ready; see its log in ${logsDir}`);
    await sleep(50, undefined, { signal });
  }
  return {
    pid: () => (child.pid === undefined ? [] : [child.pid]),
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A database of its own on the same Postgres. @returns its URL */
export async function createDatabase(postgresUrl: string, name: string, ddl: string): Promise<string> {
  const url = new URL(postgresUrl);
  await query(url.href, `create database ${pg.escapeIdentifier(name)}`);
  url.pathname = `/${name}`;
  await query(url.href, ddl);
  return url.href;
}

async function query(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

const json = { 'content-type': 'application/json' };

/** The requests that `servers/app.ts` takes. */
const ownCalls: Pick<Running, 'pay' | 'hold'> = {
  pay: ({ key: sagaId, ...payment }, { fails }): Call => ({
    path: '/payments',
    headers: json,
    body: JSON.stringify({ sagaId, ...payment, fails }),
  }),
  hold: ({ key: sagaId, ...hold }): Call => ({
    path: '/reservations',
    headers: json,
    body: JSON.stringify({ sagaId, ...hold }),
  }),
};

/** A server of this package that does all of the job itself. */
export async function startOwn(
  name: 'transaction' | 'dbos',
  { infrastructure, dataDir, run, inspect, signal }: StartOptions,
  unfinished: (databaseUrl: string) => Promise<number>,
): Promise<Running> {
  const databaseUrl = await createDatabase(infrastructure.postgresUrl, run, schema);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const inspectPort = inspect ? await freePort() : undefined;
  const server = await startServer({
    name,
    env: { PORT: String(port), POSTGRES_URL: databaseUrl },
    logsDir: join(dataDir, 'logs'),
    inspectPort,
    ready: async () => (await fetch(`${url}/health`)).ok,
    signal,
  });
  return {
    url,
    databaseUrl,
    ...ownCalls,
    pids: () => ({ [name]: server.pid() }),
    uses: ['postgres'],
    inspectors: inspectPort ? { [name]: inspectPort } : {},
    unfinished: () => unfinished(databaseUrl),
    kill: () => {
      server.kill();
      return name;
    },
    stop: server.stop,
  };
}
