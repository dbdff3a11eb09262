import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSystem } from '@holdfast/launcher/system';
import { silent } from '@holdfast/launcher/terminal/report';
import { sourceTopics } from '@holdfast/shared/messaging/topics';
import { type IHeaders, Kafka, logLevel, type Message } from 'kafkajs';
import pg from 'pg';
import { collectOffsets } from '../collect/offsets.ts';
import { readTopics } from '../collect/read-topics.ts';
import { concludeRun, type Violation } from '../conclude.ts';
import type { HistoryEntry } from '../history/history.ts';
import { type Client, createClient } from '../load/client.ts';
import type { Mutation } from './mutations.ts';

/** A system of its own, with one rule broken or with none, on the infrastructure that `npm test` has started. */
export type MutatedSystem = {
  url: string;
  client: Client;
  postgres: pg.Pool;
  /** Produces every command again, without the failure that was asked for. */
  replayCommands: () => Promise<void>;
  /** Waits until nothing moves any more; a broken build may never come to rest. */
  rest: () => Promise<void>;
  conclude: () => Promise<Violation[]>;
  stop: () => Promise<void>;
};

const restWithinMs = 60_000;

export async function startMutated(mutation: Mutation | undefined): Promise<MutatedSystem> {
  const { KAFKA_BROKERS, POSTGRES_URL, REDIS_URL } = process.env;
  if (!KAFKA_BROKERS || !POSTGRES_URL || !REDIS_URL)
    throw new Error('These tests need Kafka, Postgres and Redis: run them with npm test.');
  const run = `mutation-${Date.now().toString(36)}`;
  const prefix = `${run}.`;
  const dataDir = mkdtempSync(join(tmpdir(), `holdfast-${run}-`));
  const brokers = KAFKA_BROKERS.split(',');
  const register = new URL('../../dist/mutations/register.js', import.meta.url).href;
  const system = await startSystem({
    infrastructure: { kafkaBrokers: KAFKA_BROKERS, postgresUrl: POSTGRES_URL, redisUrl: REDIS_URL },
    dataDir,
    database: run.replaceAll('-', '_'),
    topicPrefix: prefix,
    env: {
      all: {
        HOLDFAST_FAULTS: '1',
        LOG_LEVEL: 'warn',
        KAFKA_SESSION_TIMEOUT_MS: '2000',
        ...(mutation && { NODE_OPTIONS: `--import=${register}`, HOLDFAST_MUTATION: mutation }),
      },
      orchestrator: {
        SAGA_STEP_TIMEOUT_MS: '1000',
        SAGA_STEP_ATTEMPTS: '2',
        SAGA_UNDO_TIMEOUT_MS: '300',
        SAGA_UNDO_ATTEMPTS: '3',
        LOCK_LEASE_MS: '2000',
      },
    },
    report: silent,
    signal: new AbortController().signal,
  });
  const history: HistoryEntry[] = [];
  const postgres = new pg.Pool({ connectionString: system.adminPostgresUrl, max: 2 });

  async function rest(): Promise<void> {
    const deadline = Date.now() + restWithinMs;
    for (let quiet = 0; quiet < 2 && Date.now() < deadline; ) {
      const offsets = await collectOffsets({ brokers, prefix });
      const { rows } = await postgres.query(
        `select from orchestrator.saga where not settled and status <> 'PARKED'`,
      );
      const moves = rows.length > 0 || offsets.some(({ committed, end }) => committed < end);
      quiet = moves ? 0 : quiet + 1;
      await sleep(300);
    }
  }

  return {
    url: system.url,
    client: createClient(system.url, (entry) => history.push(entry)),
    postgres,
    rest,
    replayCommands: () => replay(brokers, prefix),
    async conclude() {
      const { violations } = await concludeRun({
        history,
        adminPostgresUrl: system.adminPostgresUrl,
        kafkaBrokers: brokers,
        topicPrefix: prefix,
        redisUrl: REDIS_URL,
        externalApi: { deliveries: [] },
        log: () => undefined,
      });
      return violations;
    },
    async stop() {
      await postgres.end();
      await system.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function replay(brokers: string[], prefix: string): Promise<void> {
  const topics = sourceTopics.filter((topic) => topic.endsWith('.commands'));
  const old = new Map<string, Message[]>(topics.map((topic) => [topic, []]));
  await readTopics({ brokers, prefix, topics }, ({ topic, key, value, headers, partition }) => {
    const { ce_fault: _, ...kept } = headers;
    old.get(topic)?.push({ key, value, headers: kept as IHeaders, partition });
  });
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.sendBatch({
    topicMessages: [...old].map(([topic, messages]) => ({ topic: prefix + topic, messages })),
  });
  await producer.disconnect();
}
