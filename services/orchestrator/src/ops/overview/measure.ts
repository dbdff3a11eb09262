import { type Database, query } from '@holdfast/shared/database/query';
import { oldestIdAt } from '../../runner/floor.ts';
import { overdueAfterMs } from '../sagas/rows.ts';
import type { Overview } from './shapes.ts';

/** What Postgres says of how the system is doing. */

/** Rates and latencies are of this last while: long enough to be steady, short enough to be read in a moment. */
export const windowS = 10;
const maxSagas = 50_000;

type Measured = Omit<Overview, 'at' | 'windowS' | 'externalApi' | 'lag'>;

export async function measure(db: Database, now: number): Promise<Measured> {
  const [recent, standing, letters] = await Promise.all([
    recentSagas(db, now),
    standingSagas(db),
    openLetters(db),
  ]);
  return {
    sagas: { ...recent, ...standing.sagas },
    deadLetters: letters,
    replays: { running: standing.replays },
    locks: { held: standing.locks },
  };
}

/** Those that were started within the window: their ids begin with the time, so that the primary key finds them. */
async function recentSagas(db: Database, now: number) {
  const rows = await query<{
    type: string;
    started: number;
    ended: number;
    completed: number;
    compensated: number;
    latencies: (number | null)[] | null;
  }>(
    db,
    `select type, count(*)::int as started, count(ended_at)::int as ended,
            count(*) filter (where status = 'COMPLETED')::int as completed,
            count(*) filter (where status = 'COMPENSATED')::int as compensated,
            percentile_cont(array[0.5, 0.95, 0.99]) within group (
              order by extract(epoch from ended_at - started_at)::float * 1000) as latencies
     from (
       select type, status, started_at, ended_at from saga where saga_id >= ?::uuid order by saga_id desc limit ${maxSagas}
     ) recent
     group by type order by type`,
    [oldestIdAt(now - windowS * 1_000)],
  );
  const perSecond = (count: number): number => Math.round((count / windowS) * 10) / 10;
  const sum = (of: 'started' | 'ended'): number => rows.reduce((all, row) => all + row[of], 0);
  return {
    startedPerSecond: perSecond(sum('started')),
    endedPerSecond: perSecond(sum('ended')),
    byType: rows.map(({ type, started, completed, compensated, latencies }) => {
      const [p50, p95, p99] = (latencies ?? []).map((ms) => Math.round((ms ?? 0) * 10) / 10);
      return {
        type,
        startedPerSecond: perSecond(started),
        completed,
        compensated,
        ...(p50 !== undefined && p95 !== undefined && p99 !== undefined && { latencyMs: { p50, p95, p99 } }),
      };
    }),
  };
}

/** Those that haven't ended are in an index of their own, and few. */
async function standingSagas(db: Database) {
  const [row] = await query<{
    in_flight: number;
    compensating: number;
    overdue: number;
    parked: number;
    oldest_ms: number | null;
    replays: number;
    locks: number;
  }>(
    db,
    `select count(*) filter (where status in ('RUNNING', 'COMPENSATING'))::int as in_flight,
            count(*) filter (where status = 'COMPENSATING')::int as compensating,
            count(*) filter (where status in ('RUNNING', 'COMPENSATING')
                               and deadline_at < now() - ? * interval '1 ms')::int as overdue,
            count(*) filter (where status = 'PARKED')::int as parked,
            (extract(epoch from now() - min(started_at) filter (where status in ('RUNNING', 'COMPENSATING')))
              * 1000)::float as oldest_ms,
            (select count(*)::int from replay where status = 'RUNNING') as replays,
            (select count(*)::int from lock) as locks
     from saga where not settled`,
    [overdueAfterMs],
  );
  const {
    replays = 0,
    locks = 0,
    in_flight = 0,
    compensating = 0,
    overdue = 0,
    parked = 0,
    oldest_ms,
  } = row ?? {};
  return {
    replays,
    locks,
    sagas: {
      inFlight: in_flight,
      compensating,
      overdue,
      parked,
      ...(oldest_ms != null && { oldestInFlightMs: Math.round(oldest_ms) }),
    },
  };
}

async function openLetters(db: Database): Promise<Measured['deadLetters']> {
  const rows = await query<{ topic: string; open: number; fresh: number }>(
    db,
    `select topic, count(*)::int as open,
            count(*) filter (where last_failure > now() - ? * interval '1 s')::int as fresh
     from dead_letter where status = 'OPEN' group by topic order by topic`,
    [windowS],
  );
  const sum = (of: 'open' | 'fresh'): number => rows.reduce((all, row) => all + row[of], 0);
  return {
    open: sum('open'),
    newInWindow: sum('fresh'),
    byTopic: rows.map(({ topic, open }) => ({ topic, open })),
  };
}
