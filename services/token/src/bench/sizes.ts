import { readFileSync } from 'node:fs';
import { type Database, query } from '@holdfast/shared/database/query';
import type { Redis } from 'ioredis';

const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

/** Lines that tell what a queue takes: rows, the service's memory, Redis's. */
export async function sizes(
  db: Database,
  redis: Redis,
  { concertId, pids }: { concertId: string; pids: readonly number[] },
): Promise<string[]> {
  const [row] = await query<Record<'tokens' | 'rows' | 'indexes' | 'blocks' | 'blockRows', number>>(
    db,
    `select count(*) as tokens, pg_table_size('token.token') as rows, pg_indexes_size('token.token') as indexes,
       pg_total_relation_size('token.queue_block') as "blockRows",
       (select count(*) from token.queue_block where concert_id = ?) as blocks
     from token.token`,
    [concertId],
  );
  if (!row) return [];
  const each = (bytes: number): string => `${Math.round(bytes / row.tokens)} bytes each`;
  const used = /used_memory_human:(\S+)/.exec(await redis.info('memory'))?.[1];
  return [
    `${row.tokens} tokens: rows ${mib(row.rows)} (${each(row.rows)}), indexes ${mib(row.indexes)} (${each(row.indexes)})`,
    `${row.blocks} blocks of the line: ${mib(row.blockRows)}`,
    `token service: ${pids.map((pid) => mib(residentBytes(pid))).join(', ')} resident; Redis: ${used}`,
  ];
}

/** Seconds of processor time that the service and Postgres's connections to the database have taken so far. */
export async function cpuSeconds(
  db: Database,
  pids: readonly number[],
): Promise<{ service: number; postgres: number }> {
  const rows = await query<{ pid: number }>(
    db,
    `select pid from pg_stat_activity where usename like '%token'`,
  );
  const sum = (all: readonly number[]): number => all.reduce((seconds, pid) => seconds + cpuOf(pid), 0);
  return { service: sum(pids), postgres: sum(rows.map(({ pid }) => pid)) };
}

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  // User and system time, in hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) * 1_024;
}
