import type { Knex } from 'knex';
import { patiently } from '../process/patiently.ts';
import { isPassing } from './faults.ts';
import { inTransaction, query } from './query.ts';

/** A migration: plain SQL, one statement or many. Its name never changes once it has been released. */
export type Migration = { readonly name: string; readonly up: string };

/**
 * Brings the schema that is first in the search path up to date, all or nothing. Migrations run in the given order,
 * in one transaction; new ones go at the end.
 *
 * @throws when a migration that the database has seen is missing from the list, or when the database doesn't answer
 *   within a minute
 */
export async function migrate(db: Knex, migrations: readonly Migration[]): Promise<void> {
  await patiently(() => migrateNow(db, migrations), isPassing);
}

async function migrateNow(db: Knex, migrations: readonly Migration[]): Promise<void> {
  await inTransaction(db, async (tx) => {
    // A migration may take long, and so may the wait for another instance's.
    await query(tx, 'set local lock_timeout = 0; set local statement_timeout = 0');
    // Knex's own lock makes a second starter fail, and stays behind when the first is killed.
    await query(tx, "select pg_advisory_xact_lock(hashtextextended('migrate ' || current_schema(), 0))");
    await tx.migrate.latest({ migrationSource: sourceOf(migrations) });
  });
}

function sourceOf(migrations: readonly Migration[]): Knex.MigrationSource<Migration> {
  return {
    getMigrations: async () => [...migrations],
    getMigrationName: ({ name }) => name,
    getMigration: async ({ up }) => ({
      // Knex takes a bare question mark for a binding.
      up: async (tx) => await tx.raw(up.replaceAll('?', '\\?')),
      down: async () => {
        throw new Error('migrations only go forward');
      },
    }),
  };
}
