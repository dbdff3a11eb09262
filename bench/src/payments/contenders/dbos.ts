import pg from 'pg';
import type { Contender } from './contender.ts';
import { startOwn } from './own-server.ts';

export const dbos: Contender = {
  name: 'dbos',
  title: 'DBOS',
  start: (options) => startOwn('dbos', options, unfinished),
};

async function unfinished(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query(
    `select count(*)::int as left from dbos.workflow_status where status in ('PENDING', 'ENQUEUED')`,
  );
  await client.end();
  return rows[0].left;
}
