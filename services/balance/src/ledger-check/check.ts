import type { LedgerCheck, LedgerChecks } from '@holdfast/shared/contracts/operations';
import { inTransaction, query, type Transaction } from '@holdfast/shared/database/query';
import type { Knex } from 'knex';
import { checkSlice } from './slice.ts';

/** A check is a row, which says how far it has come: whoever dies over it, another instance goes on from there. */

/** Findings that a check keeps; it counts them all. */
const maxFindings = 100;

/** Begins a check where none has begun for so long. One that is under way is left to go on. */
export async function beginIfDue(db: Knex, everyMs: number): Promise<void> {
  await query(
    db,
    `insert into ledger_check (from_start)
     select false
     where not exists (select from ledger_check where started_at > now() - ? * interval '1 ms')
     on conflict do nothing`,
    [everyMs],
  );
}

/**
 * Begins a check now, in the place of one that is under way.
 *
 * @param options.full forgets what was found in order before, and adds up every entry there is
 */
export async function beginNow(db: Knex, { full }: { full: boolean }): Promise<void> {
  await inTransaction(db, async (tx) => {
    await query(tx, 'delete from ledger_check where ended_at is null');
    if (full) await query(tx, 'truncate ledger_checked, ledger_total');
    await query(tx, 'insert into ledger_check (from_start) values (?) on conflict do nothing', [full]);
  });
}

/**
 * Does the next part of the check that is under way.
 *
 * @returns `nothing` where there is none, or another instance is at it; the check, where this was its last part
 */
export async function goOn(db: Knex): Promise<LedgerCheck | 'more' | 'nothing'> {
  return inTransaction(db, async (tx) => {
    const [check] = await query<{ check_id: number; reached: string }>(
      tx,
      'select check_id, reached from ledger_check where ended_at is null for update skip locked',
    );
    if (!check) return 'nothing';
    // A user with very many new entries may take longer than a request would.
    await query(tx, `set local statement_timeout = '60s'`);
    const { accounts, entries, reached, findings } = await checkSlice(tx, check.reached);
    if (reached === null) return end(tx, check.check_id);
    await query(
      tx,
      `update ledger_check set reached = ?, accounts = accounts + ?, entries = entries + ?,
         unbalanced = unbalanced + ?, findings = findings || ?::jsonb
       where check_id = ?`,
      [
        reached,
        accounts,
        entries,
        findings.length,
        JSON.stringify(findings.slice(0, maxFindings)),
        check.check_id,
      ],
    );
    return 'more';
  });
}

async function end(tx: Transaction, checkId: number): Promise<LedgerCheck> {
  const [row] = await query<Row>(
    tx,
    `update ledger_check set ended_at = clock_timestamp(),
       totals = coalesce((
         select jsonb_agg(jsonb_build_object(
           'currency', currency, 'account', account, 'balance', (credits - debits)::text) order by currency, account)
         from ledger_total), '[]')
     where check_id = ?
     returning *`,
    [checkId],
  );
  return fromRow(row as Row);
}

/** The last checks, and whether there should have been another by now. */
export async function listChecks(db: Knex, everyMs: number): Promise<LedgerChecks> {
  const rows = await query<Row & { overdue: boolean }>(
    db,
    `select *, coalesce(max(ended_at) over (), min(started_at) over ()) < now() - 2 * ? * interval '1 ms' as overdue
     from (select * from ledger_check order by check_id desc limit 10) last
     order by check_id desc`,
    [everyMs],
  );
  return { overdue: rows[0]?.overdue ?? false, checks: rows.map(fromRow) };
}

type Row = {
  check_id: number;
  from_start: boolean;
  started_at: Date;
  ended_at: Date | null;
  accounts: number;
  entries: number;
  unbalanced: number;
  findings: LedgerCheck['findings'];
  totals: LedgerCheck['totals'];
};

const fromRow = (row: Row): LedgerCheck => ({
  checkId: row.check_id,
  full: row.from_start,
  startedAt: row.started_at.toISOString(),
  ...(row.ended_at && { endedAt: row.ended_at.toISOString() }),
  accounts: row.accounts,
  entries: row.entries,
  unbalanced: row.unbalanced,
  findings: row.findings.slice(0, maxFindings),
  totals: row.totals,
});
