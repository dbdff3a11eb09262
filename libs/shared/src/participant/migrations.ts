import type { Migration } from '../database/migrate.ts';
import { faultMigration } from '../faults/faults.ts';
import { outboxMigration } from '../outbox/outbox.ts';
import { inboxMigration, inboxOrderMigration } from './inbox.ts';

/** The tables of every participant; its own come after them. */
export const participantMigrations: readonly Migration[] = [
  faultMigration,
  inboxMigration,
  outboxMigration,
  inboxOrderMigration,
];
