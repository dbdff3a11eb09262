import { type Database, query } from '@holdfast/shared/database/query';
import { audit } from '../audit/rows.ts';
import { countSelected, replayableWhere } from '../dead-letters/select.ts';
import type { LetterSelection } from '../dead-letters/shapes.ts';
import type { Operator } from '../operator.ts';
import type { Replay } from './shapes.ts';

type Row = {
  replay_id: number;
  status: Replay['status'];
  selection: LetterSelection;
  rate: number;
  stop_after: number;
  total: number;
  skipped: number;
  sent: number;
  failed_again: number;
  stopped_because: string | null;
  started_by: Operator;
  reason: string | null;
  started_at: Date;
  ended_at: Date | null;
};

const fromRow = (row: Row): Replay => ({
  replayId: row.replay_id,
  status: row.status,
  select: row.selection,
  rate: row.rate,
  stopAfter: row.stop_after,
  total: row.total,
  skipped: row.skipped,
  sent: row.sent,
  failedAgain: row.failed_again,
  ...(row.stopped_because !== null && { stoppedBecause: row.stopped_because }),
  startedBy: row.started_by,
  ...(row.reason !== null && { reason: row.reason }),
  startedAt: row.started_at.toISOString(),
  ...(row.ended_at !== null && { endedAt: row.ended_at.toISOString() }),
});

const selectReplays = `select replay.*, (
    select count(*)::int from dead_letter where dead_letter.replay_id = replay.replay_id and status = 'FAILED_AGAIN'
  ) as failed_again from replay`;

export async function findReplay(db: Database, replayId: number): Promise<Replay | undefined> {
  const [row] = await query<Row>(db, `${selectReplays} where replay_id = ?`, [replayId]);
  return row && fromRow(row);
}

/** Replays before `before`, the newest first. */
export async function listReplays(
  db: Database,
  { status, before, limit }: { status: Replay['status'] | undefined; before: number; limit: number },
): Promise<Replay[]> {
  const rows = await query<Row>(
    db,
    `${selectReplays} where replay_id < ? and (?::text is null or status = ?) order by replay_id desc limit ?`,
    [before, status ?? null, status ?? null, limit],
  );
  return rows.map(fromRow);
}

/** So many letters at most are taken on by one replay: what one statement can do in its time. */
const maxLetters = 100_000;

/** A new replay, and with it the letters that it will send: those are its own from here on. */
export async function insertReplay(
  tx: Database,
  replay: Pick<Replay, 'select' | 'rate' | 'stopAfter'> & { operator: Operator; reason: string | undefined },
): Promise<number> {
  const { select, rate, stopAfter, operator, reason } = replay;
  const selected = await countSelected(tx, select);
  const [row] = await query<{ replay_id: number }>(
    tx,
    `insert into replay (selection, rate, stop_after, total, skipped, started_by, reason)
     values (?::jsonb, ?, ?, 0, 0, ?::jsonb, ?) returning replay_id`,
    [JSON.stringify(select), rate, stopAfter, JSON.stringify(operator), reason ?? null],
  );
  const { replay_id: replayId } = row as NonNullable<typeof row>;
  const { sql, bindings } = replayableWhere(select);
  const [taken] = await query<{ total: number }>(
    tx,
    `with taken as (
       update dead_letter set status = 'QUEUED', replay_id = ?, closed_at = null, closed_by = null, closed_reason = null
       where letter_id in (
         select letter_id from dead_letter where ${sql} order by letter_id limit ${maxLetters} for update)
       returning 1
     )
     update replay set total = taken.total, skipped = greatest(? - taken.total, 0),
                       status = case when taken.total = 0 then 'DONE' else status end,
                       ended_at = case when taken.total = 0 then now() end
     from (select count(*)::int as total from taken) taken
     where replay_id = ? returning replay.total`,
    [replayId, ...bindings, selected, replayId],
  );
  await audit(tx, {
    operator,
    action: 'replay.start',
    subject: `replay/${replayId}`,
    reason,
    after: { select, rate, stopAfter, total: taken?.total },
    outcome: 'done',
  });
  return replayId;
}

/**
 * Ends a running replay. What it hasn't sent is open again.
 *
 * @returns whether it was running
 */
export async function endReplay(
  tx: Database,
  replayId: number,
  end: {
    status: 'DONE' | 'STOPPED';
    because: string | undefined;
    operator: Operator;
    action: 'replay.stop' | 'replay.end';
  },
): Promise<boolean> {
  const { status, because, operator, action } = end;
  const [ended] = await query<{ sent: number; total: number }>(
    tx,
    `update replay set status = ?, stopped_because = ?, ended_at = now()
     where replay_id = ? and status = 'RUNNING' returning sent, total`,
    [status, because ?? null, replayId],
  );
  if (!ended) return false;
  // In the order in which whoever else changes several takes them.
  await query(
    tx,
    `update dead_letter set status = 'OPEN'
     where letter_id in (
       select letter_id from dead_letter where replay_id = ? and status = 'QUEUED' order by letter_id for update)`,
    [replayId],
  );
  await audit(tx, {
    operator,
    action,
    subject: `replay/${replayId}`,
    reason: because,
    before: { status: 'RUNNING' },
    after: { status, ...ended },
    outcome: 'done',
  });
  return true;
}
