import type { Knex } from 'knex';
import { gauges } from '../telemetry/registry.ts';
import { query } from './query.ts';

type Pool = {
  numUsed: () => number;
  numFree: () => number;
  numPendingAcquires: () => number;
  max: number;
};

/** Measures a pool of connections, and who of it waits for a lock of a row. */
export function watchDatabase(db: Knex): void {
  const pool = db.client.pool as Pool;
  gauges(
    {
      db_client_connection_count: {
        help: 'Connections to Postgres, by state',
        labels: ['db_client_connection_state'],
      },
      db_client_connection_max: { help: 'Connections to Postgres, at most' },
      db_client_connection_pending_requests: { help: 'Whoever waits for a connection to come free' },
    },
    async () => ({
      db_client_connection_count: [
        [{ db_client_connection_state: 'used' }, pool.numUsed()],
        [{ db_client_connection_state: 'idle' }, pool.numFree()],
      ],
      db_client_connection_max: pool.max,
      db_client_connection_pending_requests: pool.numPendingAcquires(),
    }),
  );
  gauges(
    { holdfast_database_lock_waits: { help: "The service's sessions that wait for a lock in Postgres" } },
    async () => {
      const [row] = await query<{ waiting: number }>(
        db,
        `select count(*)::int as waiting from pg_stat_activity
         where usename = current_user and wait_event_type = 'Lock'`,
      );
      return { holdfast_database_lock_waits: row?.waiting ?? 0 };
    },
  );
}
