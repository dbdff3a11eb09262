import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@holdfast/launcher/ports';
import { keptSecrets } from '@holdfast/launcher/secrets';
import { type System, type SystemOptions, startSystem } from '@holdfast/launcher/system';
import { type ServiceName, serviceNames } from '@holdfast/shared/contracts/define';
import { signToken } from '@holdfast/shared/http/auth';
import pg from 'pg';
import { topicsWith, withKafkaAdmin } from '../kafka-admin.ts';
import type { Contender, Running, StartOptions } from './contender.ts';

export const holdfast: Contender = {
  name: 'holdfast',
  title: 'Holdfast',
  start: async ({ instances, ...options }) =>
    (await startHoldfast({ ...options, instances: ofEach(instances) })).running,
};

/** As many of every service. */
export const ofEach = (instances: number): Record<ServiceName, number> =>
  Object.fromEntries(serviceNames.map((name) => [name, instances])) as Record<ServiceName, number>;

const participants = ['balance', 'payment', 'reservation', 'token'] as const;
const processes = [...participants, 'orchestrator', 'gateway'] as const;

export async function startHoldfast(
  options: Omit<StartOptions, 'instances'> & Pick<SystemOptions, 'instances'> & { env?: NodeJS.ProcessEnv },
): Promise<{ system: System; running: Running }> {
  const { infrastructure, run, faults, direct, inspect, instances = {}, env = {}, report, signal } = options;
  const dataDir = join(options.dataDir, run);
  mkdirSync(dataDir, { recursive: true });
  const inspectors: Record<string, number> = {};
  if (inspect) for (const name of processes) inspectors[name] = await freePort();
  const inspected = (name: (typeof processes)[number]): NodeJS.ProcessEnv =>
    inspect ? { NODE_OPTIONS: `--inspect=127.0.0.1:${inspectors[name]}` } : {};

  const system = await startSystem({
    infrastructure,
    dataDir,
    database: run,
    topicPrefix: `${run}.`,
    instances,
    env: {
      // As in production: what development adds is no part of the job.
      all: { LOG_LEVEL: 'warn', ...(faults && { HOLDFAST_FAULTS: '1' }), ...env },
      orchestrator: inspected('orchestrator'),
      // Nobody looks at the seed's halls.
      reservation: { ...inspected('reservation'), HOLDFAST_SEED: '0' },
      payment: inspected('payment'),
      balance: inspected('balance'),
      token: inspected('token'),
      gateway: { ...inspected('gateway'), ...env },
    },
    report,
    signal,
  });
  const postgres = new pg.Pool({ connectionString: system.adminPostgresUrl, max: 1 });
  const { jwtSecret } = keptSecrets(dataDir);
  const [orchestrator] = system.services.orchestrator;
  let killed = 0;

  const headers = async (
    { userId, queueToken, key }: { userId: string; queueToken: string; key: string },
    fault?: string,
  ): Promise<Record<string, string>> => ({
    'content-type': 'application/json',
    authorization: `Bearer ${await signToken(jwtSecret, { userId, expiresInS: 24 * 3_600 })}`,
    'queue-token': queueToken,
    'idempotency-key': key,
    ...(fault && { 'holdfast-fault': fault }),
  });

  const running: Running = {
    url: direct && orchestrator ? orchestrator.url : system.url,
    databaseUrl: system.adminPostgresUrl,
    pay: async (payment, { fails }) => ({
      path: '/v1/payments',
      headers: await headers(payment, fails ? 'reservation.confirm=reject' : undefined),
      body: JSON.stringify({ reservationId: payment.reservationId }),
    }),
    hold: async (hold) => ({
      path: '/v1/reservations',
      headers: await headers(hold),
      body: JSON.stringify({ concertSeatIds: [hold.concertSeatId] }),
    }),
    pids: () =>
      Object.fromEntries(
        Object.entries({ gateway: [system.gateway], ...system.services }).map(([name, instances]) => [
          name,
          instances.flatMap(({ pid }) => pid ?? []),
        ]),
      ),
    uses: ['postgres', 'kafka', 'redis'],
    inspectors,
    unfinished: async () => {
      const { rows } = await postgres.query(
        'select count(*)::int as left from orchestrator.saga where not settled',
      );
      return rows[0].left;
    },
    kill: () => {
      const name = participants[killed++ % participants.length] as (typeof participants)[number];
      system.services[name][0]?.kill('SIGKILL');
      return name;
    },
    stop: async () => {
      await postgres.end();
      await system.stop();
      // Or Kafka would have more to keep with each run.
      await withKafkaAdmin(infrastructure.kafkaBrokers, async (admin) =>
        admin.deleteTopics({ topics: await topicsWith(admin, `${run}.`) }),
      );
    },
  };
  return { system, running };
}
