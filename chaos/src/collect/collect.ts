import type { Facts } from '../facts.ts';
import type { HistoryEntry } from '../history/history.ts';
import { collectMessages } from './messages.ts';
import { collectRedisLocks } from './redis-locks.ts';
import { collectRequests } from './requests.ts';
import { collectTables } from './tables.ts';

/** A run that has come to rest, and where its system still answers. */
export type Run = {
  history: Iterable<HistoryEntry> | AsyncIterable<HistoryEntry>;
  /** Of a role that sees every service's schema. */
  adminPostgresUrl: string;
  kafkaBrokers: readonly string[];
  /** Before each topic's and group's name. */
  topicPrefix: string;
  redisUrl: string;
  /** What the external API has taken, in whatever order, as often as it came: the ids of the events. */
  externalApi: { deliveries: readonly { id: string }[] };
  log: (line: string) => void;
};

/** Gathers all that a run has left behind. */
export async function collect(run: Run): Promise<Facts> {
  const {
    history,
    adminPostgresUrl,
    kafkaBrokers: brokers,
    topicPrefix: prefix,
    redisUrl,
    externalApi,
    log,
  } = run;
  const requests = await collectRequests(history);
  log(`read ${requests.writes.length} requests`);
  // The topics first: what is on its way to the tables while they are read would be missed in them.
  const messages = await collectMessages({ brokers, prefix });
  log(`read ${messages.topics.reduce((sum, { records }) => sum + records, 0)} records`);
  const tables = await collectTables(adminPostgresUrl);
  log(`read ${tables.sagas.size} sagas`);
  const live = tables.locks.map(({ lockKey }) => lockKey);
  const redisLocks = await collectRedisLocks({ redisUrl, prefix }, new Set(live));
  const deliveries = new Map<string, number>();
  for (const { id } of externalApi.deliveries) deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
  return { requests, messages, tables, redisLocks, deliveries };
}
