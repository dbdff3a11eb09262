import type { Audited } from '@holdfast/shared/contracts/ops';
import { type Database, query } from '@holdfast/shared/database/query';
import type { Operator } from '../operator.ts';

/** A change, or the intention of one, as it is recorded; `before` and `after` hold nothing personal. */
export type Change = {
  operator: Operator;
  action: Audited['action'];
  subject: string;
  reason?: string | undefined;
  before?: unknown;
  after?: unknown;
  outcome: Audited['outcome'];
};

/** Records a change, in its transaction where it is one of Postgres. */
export async function audit(db: Database, change: Change): Promise<void> {
  const { operator, action, subject, reason, before, after, outcome } = change;
  await query(
    db,
    `insert into audit (operator_id, operator_name, action, subject, reason, before, after, outcome)
     values (?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?)`,
    [
      operator.operatorId,
      operator.name ?? null,
      action,
      subject,
      reason ?? null,
      before === undefined ? null : JSON.stringify(before),
      after === undefined ? null : JSON.stringify(after),
      outcome,
    ],
  );
}

type Row = {
  audit_id: number;
  at: Date;
  operator_id: string;
  operator_name: string | null;
  action: Audited['action'];
  subject: string;
  reason: string | null;
  before: unknown;
  after: unknown;
  outcome: Audited['outcome'];
};

const fromRow = (row: Row): Audited => ({
  auditId: row.audit_id,
  at: row.at.toISOString(),
  operator: { operatorId: row.operator_id, ...(row.operator_name !== null && { name: row.operator_name }) },
  action: row.action,
  subject: row.subject,
  ...(row.reason !== null && { reason: row.reason }),
  ...(row.before !== null && { before: row.before }),
  ...(row.after !== null && { after: row.after }),
  outcome: row.outcome,
});

/** Entries before `auditId`, the newest first. */
export async function listAudit(
  db: Database,
  filter: { subject?: string; operatorId?: string; before: number; limit: number },
): Promise<Audited[]> {
  const rows = await query<Row>(
    db,
    `select * from audit
     where audit_id < ?
       ${filter.subject === undefined ? '' : 'and subject = ?'}
       ${filter.operatorId === undefined ? '' : 'and operator_id = ?::uuid'}
     order by audit_id desc limit ?`,
    [filter.before, filter.subject, filter.operatorId, filter.limit].filter((value) => value !== undefined),
  );
  return rows.map(fromRow);
}

/** Those that aren't on the topic yet, the oldest first. */
export async function unpublishedAudit(db: Database, limit: number): Promise<Audited[]> {
  const rows = await query<Row>(db, 'select * from audit where not published order by audit_id limit ?', [
    limit,
  ]);
  return rows.map(fromRow);
}

export async function markPublished(db: Database, entries: readonly Audited[]): Promise<void> {
  await query(db, 'update audit set published = true where audit_id = any(?::bigint[])', [
    entries.map(({ auditId }) => auditId),
  ]);
}
