import { type Database, query } from '@holdfast/shared/database/query';
import { columns, fromRow, type Row } from '../../runner/rows.ts';
import type { StoredSaga } from '../../runner/store.ts';
import type { SagaSummary, Settlement } from './shapes.ts';

/** A saga with what only operators look at. */
export type OperatedSaga = StoredSaga & {
  deadlineAt: Date;
  parkedAt: Date | null;
  settlement: Settlement | null;
};

type OperatedRow = Row & { deadline_at: Date; parked_at: Date | null; settlement: Settlement | null };

const operatedColumns = `${columns}, deadline_at, parked_at, settlement`;

const fromOperatedRow = (row: OperatedRow): OperatedSaga => ({
  ...fromRow(row),
  deadlineAt: row.deadline_at,
  parkedAt: row.parked_at,
  settlement: row.settlement,
});

export async function loadOperated(db: Database, sagaId: string): Promise<OperatedSaga | undefined> {
  const [row] = await query<OperatedRow>(db, `select ${operatedColumns} from saga where saga_id = ?::uuid`, [
    sagaId,
  ]);
  return row && fromOperatedRow(row);
}

/** How long after its deadline a saga counts as overdue: the sweep needs a moment. */
export const overdueAfterMs = 2_000;

export type SagaFilter = {
  status?: SagaSummary['status'][];
  type?: string;
  overdue?: boolean;
  startedBefore?: string;
  userId?: string;
  lockKey?: string;
};

/** So many rows are looked at for one page, at most: of what is rare among millions, pages come back short. */
const maxScanned = 10_000;

/** The sagas that haven't ended are few, and have an index of their own. */
const unended = new Set<string>(['RUNNING', 'COMPENSATING', 'PARKED']);

/**
 * Sagas with ids below `before`, the newest first: ids begin with the time.
 *
 * @returns with the id to go on below, where there may be more
 */
export async function listSagas(
  db: Database,
  filter: SagaFilter,
  { before, limit }: { before: string; limit: number },
): Promise<{ sagas: OperatedSaga[]; goOnBelow: string | undefined }> {
  const onlyUnended = filter.overdue || filter.status?.every((status) => unended.has(status));
  const conditions: [string, unknown][] = [
    ['status = any(?::text[])', filter.status],
    ['type = ?', filter.type],
    [
      `status in ('RUNNING', 'COMPENSATING') and deadline_at < now() - ? * interval '1 ms'`,
      filter.overdue ? overdueAfterMs : undefined,
    ],
    ['started_at < ?::timestamptz', filter.startedBefore],
    ['user_id = ?::uuid', filter.userId],
    ['? = any(lock_keys)', filter.lockKey],
  ];
  const set = conditions.filter(([, value]) => value !== undefined);
  const lowest = onlyUnended ? undefined : await idBelow(db, before, maxScanned);
  const rows = await query<OperatedRow>(
    db,
    // The fence (offset 0) keeps the planner from walking the primary key for the few that haven't ended.
    `select ${operatedColumns} from ${onlyUnended ? '(select * from saga where not settled offset 0) saga' : 'saga'}
     where saga_id < ?::uuid ${lowest ? 'and saga_id >= ?::uuid' : ''}
       ${set.map(([condition]) => `and ${condition}`).join(' ')}
     order by saga_id desc limit ?`,
    [before, ...(lowest ? [lowest] : []), ...set.map(([, value]) => value), limit],
  );
  const sagas = rows.map(fromOperatedRow);
  return { sagas, goOnBelow: sagas.length === limit ? sagas.at(-1)?.sagaId : lowest };
}

/** The id that lies so many rows below; undefined where there are fewer. */
async function idBelow(db: Database, before: string, rows: number): Promise<string | undefined> {
  const [row] = await query<{ saga_id: string }>(
    db,
    'select saga_id from saga where saga_id < ?::uuid order by saga_id desc offset ? limit 1',
    [before, rows - 1],
  );
  return row?.saga_id;
}
