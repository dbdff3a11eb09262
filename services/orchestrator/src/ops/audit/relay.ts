import { type Audited, auditedType } from '@holdfast/shared/contracts/ops';
import { inTransaction, query } from '@holdfast/shared/database/query';
import { encode, type OutgoingRecord } from '@holdfast/shared/messaging/cloud-event';
import { auditTopic } from '@holdfast/shared/messaging/topics';
import type { Knex } from 'knex';
import { markPublished, unpublishedAudit } from './rows.ts';

const batchSize = 200;

/** Publishes what has been recorded: the table is its own outbox. One instance does it at a time, in order. */
export async function relayAudit(
  db: Knex,
  publish: (records: OutgoingRecord[]) => Promise<void>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const [lock] = await query<{ mine: boolean }>(
      tx,
      `select pg_try_advisory_xact_lock(hashtext(current_schema() || '.audit')) as mine`,
    );
    if (!lock?.mine) return;
    const entries = await unpublishedAudit(tx, batchSize);
    if (entries.length === 0) return;
    await publish(entries.map(auditRecord));
    await markPublished(tx, entries);
  });
}

const auditRecord = (entry: Audited): OutgoingRecord =>
  encode(auditTopic, entry.subject, {
    id: `audit/${entry.auditId}`,
    type: auditedType,
    source: '/holdfast/orchestrator',
    time: entry.at,
    subject: entry.subject,
    extensions: {},
    data: entry,
  });
