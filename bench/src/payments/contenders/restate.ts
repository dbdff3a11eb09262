import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@holdfast/launcher/ports';
import { guardProcesses } from '@holdfast/launcher/process/guard';
import { supervise } from '@holdfast/launcher/process/supervise';
import type { Hold, Payment } from '../prepare.ts';
import { schema } from '../servers/schema.ts';
import type { Call, Contender, Running, StartOptions } from './contender.ts';
import { createDatabase, startServer } from './own-server.ts';

export const restate: Contender = { name: 'restate', title: 'Restate', start };

/** The program itself, without the script around it that would be a process more. */
function serverBinary(): string {
  const server = createRequire(
    createRequire(import.meta.url).resolve('@restatedev/restate-server/package.json'),
  );
  return server.resolve(`@restatedev/restate-server-${platform()}-${arch()}/bin/restate-server`);
}

async function start(options: StartOptions): Promise<Running> {
  const { infrastructure, run, inspect, signal } = options;
  const dataDir = join(options.dataDir, run);
  const databaseUrl = await createDatabase(infrastructure.postgresUrl, run, schema);
  const [ingress, admin, fabric, port] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const inspectPort = inspect ? await freePort() : undefined;
  const logsDir = join(dataDir, 'logs');

  const service = await startServer({
    name: 'restate',
    env: { PORT: String(port), POSTGRES_URL: databaseUrl },
    logsDir,
    inspectPort,
    ready: async () => true,
    signal,
  });
  const runDir = join(dataDir, 'run');
  const guard = guardProcesses(runDir);
  const server = supervise({
    name: 'restate-server',
    command: serverBinary(),
    args: ['--no-logo', `--base-dir=${join(dataDir, 'data')}`, `--bind-port=${fabric}`],
    env: {
      DO_NOT_TRACK: '1',
      RESTATE_BIND_IP: '127.0.0.1',
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_LOG_FILTER: 'warn',
      RESTATE_NODE_NAME: 'bench',
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      // For two cores; 24 would be for a cluster.
      RESTATE_DEFAULT_NUM_PARTITIONS: '4',
    },
    logFile: join(logsDir, 'restate-server.log'),
    runDir,
  });
  const stop = async (): Promise<void> => {
    await Promise.all([server.stop(), service.stop()]);
    guard.release();
  };
  try {
    await untilRegistered(`http://127.0.0.1:${admin}`, `http://127.0.0.1:${port}`, signal);
  } catch (error) {
    await stop();
    throw error;
  }

  const call = (handler: string, { key: sagaId, ...rest }: (Payment & { fails: boolean }) | Hold): Call => ({
    path: `/tickets/${handler}`,
    headers: { 'content-type': 'application/json', 'idempotency-key': sagaId },
    body: JSON.stringify({ sagaId, ...rest }),
  });
  return {
    url: `http://127.0.0.1:${ingress}`,
    databaseUrl,
    pay: (payment, { fails }) => call('pay', { ...payment, fails }),
    hold: (hold) => call('reserve', hold),
    pids: () => ({ service: service.pid(), restate: server.pid === undefined ? [] : [server.pid] }),
    uses: ['postgres'],
    inspectors: inspectPort ? { restate: inspectPort } : {},
    unfinished: () => unfinished(`http://127.0.0.1:${admin}`),
    kill: () => {
      service.kill();
      return 'restate';
    },
    stop,
  };
}

/** Tells the server where the handlers are, once both are there. */
async function untilRegistered(admin: string, service: string, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; ) {
    const answer = await post(`${admin}/deployments`, { uri: service }).catch((error) => error as Error);
    if (!(answer instanceof Error) && answer.ok) return;
    if (Date.now() > deadline)
      throw new Error(
        `Restate isn't ready: ${answer instanceof Error ? answer.message : await answer.text()}`,
      );
    await sleep(200, undefined, { signal });
  }
}

async function unfinished(admin: string): Promise<number> {
  const answer = await post(`${admin}/query`, {
    query: "select count(*) as unfinished from sys_invocation where status <> 'completed'",
  });
  const { rows } = (await answer.json()) as { rows: { unfinished: number }[] };
  return rows[0]?.unfinished ?? 0;
}

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
