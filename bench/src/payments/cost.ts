import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { topicsWith, withKafkaAdmin } from './kafka-admin.ts';

/** What has been written so far. */
export type Counters = Record<string, number>;

/** Backends tell what they have done when they have been idle for so long. */
export const statisticsDelayMs = 11_000;

export async function postgresCounters(postgres: pg.Pool): Promise<Counters> {
  const { rows } = await postgres.query(
    `select xact_commit::float8 as "Postgres: commits", xact_rollback::float8 as "Postgres: rollbacks",
       tup_inserted::float8 as "Postgres: rows inserted", tup_updated::float8 as "Postgres: rows updated",
       (select sum(n_tup_hot_upd) from pg_stat_user_tables)::float8 as "Postgres: of these HOT",
       tup_deleted::float8 as "Postgres: rows deleted",
       wal_records::float8 as "Postgres: WAL records", wal_bytes::float8 as "Postgres: WAL bytes",
       wal_write::float8 as "Postgres: WAL writes", wal_sync::float8 as "Postgres: fsyncs of the WAL"
     from pg_stat_database, pg_stat_wal where datname = current_database()`,
  );
  return rows[0];
}

/** Messages of a run's topics, by topic, their bytes on disk, and commits of consumers' offsets. */
export async function kafkaCounters(
  brokers: string,
  { topicPrefix, dataDir }: { topicPrefix: string; dataDir: string },
): Promise<Counters> {
  return withKafkaAdmin(brokers, async (admin) => {
    const messagesOn = async (topic: string): Promise<number> => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets.reduce((sum, { high }) => sum + Number(high), 0);
    };
    const byTopic = await Promise.all(
      (await topicsWith(admin, topicPrefix)).map(
        async (topic): Promise<[string, number]> => [
          `Kafka: messages on ${topic.slice(topicPrefix.length)}`,
          await messagesOn(topic),
        ],
      ),
    );
    return {
      'Kafka: messages': byTopic.reduce((sum, [, messages]) => sum + messages, 0),
      'Kafka: bytes on disk': bytesOf(dataDir, topicPrefix),
      'Kafka: commits of offsets': await messagesOn('__consumer_offsets'),
      ...Object.fromEntries(byTopic),
    };
  });
}

function bytesOf(dataDir: string, topicPrefix: string): number {
  const partitions = readdirSync(dataDir).filter((name) => name.startsWith(topicPrefix));
  const logs = partitions.flatMap((name) =>
    readdirSync(join(dataDir, name))
      .filter((file) => file.endsWith('.log'))
      .map((file) => statSync(join(dataDir, name, file)).size),
  );
  return logs.reduce((sum, size) => sum + size, 0);
}

export type Span = { from: Counters; to: Counters; seconds: number };

/** What each of so many sagas has cost, without what goes on also when nobody does anything. */
export function costPerSaga(loaded: Span, idle: Span, sagas: number): Counters {
  const grown = ({ from, to }: Span, name: string): number => (to[name] ?? 0) - (from[name] ?? 0);
  return Object.fromEntries(
    Object.keys(loaded.to).map((name) => {
      const anyway = (grown(idle, name) / idle.seconds) * loaded.seconds;
      return [name, (grown(loaded, name) - anyway) / sagas];
    }),
  );
}

/** Side by side, one column each; what is nothing everywhere is left out. */
export function costTable(columns: Record<string, Counters>): string {
  const names = [...new Set(Object.values(columns).flatMap(Object.keys))].filter((name) =>
    Object.values(columns).some((counters) => Math.abs(counters[name] ?? 0) >= 0.005),
  );
  const cell = (value: number | undefined): string =>
    value === undefined ? '–' : value >= 100 ? value.toFixed(0) : value.toFixed(2);
  return [
    `| for each saga | ${Object.keys(columns).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(Object.keys(columns).length)}`,
    ...names.map(
      (name) =>
        `| ${name} | ${Object.values(columns)
          .map((counters) => cell(counters[name]))
          .join(' | ')} |`,
    ),
  ].join('\n');
}
