import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type System, type SystemOptions, startSystem } from '@holdfast/launcher/system';
import { silent } from '@holdfast/launcher/terminal/report';
import { topicPlans } from '@holdfast/shared/messaging/topics';
import { Redis } from 'ioredis';
import pg from 'pg';
import { type Seat, seatSource } from './client.ts';
import { type Topics, watchTopics } from './topics.ts';

/** A whole Holdfast of its own for one test file, on the infrastructure that `npm test` has started. */
export type TestSystem = System & {
  topicPrefix: string;
  /** Every record of every topic, dead letters included. */
  topics: Topics;
  // biome-ignore lint/suspicious/noExplicitAny: rows of every shape
  sql: (text: string, values?: unknown[]) => Promise<any[]>;
  /** Who holds a seat's lock: in Postgres the saga, in Redis the lock's value. */
  locksOf: (concertSeatId: string) => Promise<{ row: string | undefined; redis: string | null }>;
  seatSource: () => Promise<() => Seat>;
};

export async function startTestSystem(
  name: string,
  {
    env = {},
    gatewayEnv = {},
    ...options
  }: Pick<SystemOptions, 'instances' | 'metricsPort'> & {
    report?: SystemOptions['report'];
    env?: NodeJS.ProcessEnv;
    gatewayEnv?: NodeJS.ProcessEnv;
  } = {},
): Promise<TestSystem> {
  const { KAFKA_BROKERS, POSTGRES_URL, REDIS_URL } = process.env;
  if (!KAFKA_BROKERS || !POSTGRES_URL || !REDIS_URL)
    throw new Error('These tests need Kafka, Postgres and Redis: run them with npm test.');
  const run = `${name}-${Date.now().toString(36)}`;
  const dataDir = mkdtempSync(join(tmpdir(), `holdfast-${run}-`));
  const prefix = `${run}.`;

  const system = await startSystem({
    infrastructure: { kafkaBrokers: KAFKA_BROKERS, postgresUrl: POSTGRES_URL, redisUrl: REDIS_URL },
    dataDir,
    database: run.replaceAll('-', '_'),
    topicPrefix: prefix,
    env: { all: { HOLDFAST_FAULTS: '1', LOG_LEVEL: 'warn', ...env }, gateway: gatewayEnv },
    report: silent,
    signal: new AbortController().signal,
    ...options,
  });
  const topics = await watchTopics(
    KAFKA_BROKERS.split(','),
    prefix,
    topicPlans.map(({ topic }) => topic),
  );
  const postgres = new pg.Pool({ connectionString: system.adminPostgresUrl, max: 3 });
  const redis = new Redis(REDIS_URL);
  const sql: TestSystem['sql'] = async (text, values) => (await postgres.query(text, values)).rows;

  return {
    ...system,
    topicPrefix: prefix,
    topics,
    sql,
    locksOf: async (concertSeatId) => {
      const key = `seat:${concertSeatId}`;
      const [row] = await sql('select saga_id from orchestrator.lock where lock_key = $1', [key]);
      return { row: row?.saga_id, redis: await redis.get(`${prefix}lock:${key}`) };
    },
    seatSource: () => seatSource(system.url),
    stop: async () => {
      await topics.stop();
      await postgres.end();
      redis.disconnect();
      await system.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
