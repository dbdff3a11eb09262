import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { LockFacts } from '../verdicts/facts.ts';

type Asked = { dataDir: string | undefined; sagaIds: readonly string[]; seatIds: readonly string[] };

/** Looks into the durable guard itself, where the launcher has left word how to get there. */
export async function readLockRows({ dataDir, sagaIds, seatIds }: Asked): Promise<LockFacts['rows']> {
  const url = dataDir && (await postgresUrl(dataDir));
  if (!url) return { notChecked: "no runtime.json of the launcher's" };
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  // It may end at any time; what was under way then says so itself.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ lock_key: string; saga_id: string; since: Date }>(
      `select lock_key, saga_id, acquired_at as since from orchestrator.lock
       where saga_id = any($1::uuid[]) or lock_key = any($2::text[])`,
      [sagaIds, seatIds.map((id) => `seat:${id}`)],
    );
    return rows.map((row) => `${row.lock_key} by saga ${row.saga_id} since ${row.since.toISOString()}`);
  } catch (error) {
    return { notChecked: (error as Error).message };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Undefined where the system wasn't started by this launcher, or is another user's. */
async function postgresUrl(dataDir: string): Promise<string | undefined> {
  try {
    const runtime: unknown = JSON.parse(await readFile(join(dataDir, 'runtime.json'), 'utf8'));
    return (runtime as { postgresUrl?: string }).postgresUrl;
  } catch {
    return undefined;
  }
}
