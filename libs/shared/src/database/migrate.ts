import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { patiently } from '../process/patiently.ts';
import { isPassing } from './faults.ts';
import { query } from './query.ts';

/** A migration: plain SQL, one statement or many. Its name never changes once it has been released. */
export type Migration = { readonly name: string; readonly up: string };

/**
 * Brings the schema that is first in the search path up to date, all or nothing. Migrations run in the given order,
 * in one transaction; new ones go at the end. What the database has seen and the list lacks is a newer build's: an older
 * instance has to be able to start while an update goes on, so a migration has to suit the build before it as well.
 *
 * @throws when the database doesn't answer within a minute
 */
export async function migrate(db: Knex, migrations: readonly Migration[]): Promise<void> {
  await patiently(() => migrateNow(db, migrations), isPassing);
}

async function migrateNow(db: Knex, migrations: readonly Migration[]): Promise<void> {
  await db.transaction(async (tx) => {
    // A migration may take long, and so may the wait for another instance's.
    await query(tx, 'set local lock_timeout = 0; set local statement_timeout = 0');
    // Knex's own lock makes a second starter fail, and stays behind when the first is killed.
    await query(tx, "select pg_advisory_xact_lock(hashtextextended('migrate ' || current_schema(), 0))");
    await tx.migrate.latest({
      migrationSource: sourceOf(migrations),
      disableMigrationsListValidation: true,
    });
  });
}

/**
 * Waits, for a minute, until another has run all these migrations.
 *
 * @throws when they still aren't, with their names
 */
export async function awaitMigrations(
  db: Knex,
  migrations: readonly Migration[],
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  let said = false;
  await patiently(
    async () => {
      const missing = await notYetRun(db, migrations);
      if (missing.length === 0) return;
      const error = new NotMigrated(missing);
      if (!said) log.warn(error.message);
      said = true;
      throw error;
    },
    (error) => error instanceof NotMigrated || isPassing(error),
  );
}

class NotMigrated extends Error {
  override readonly name = 'NotMigrated';

  constructor(missing: readonly string[]) {
    super(`MIGRATE_AT_START=0, and nobody has run these migrations yet: ${missing.join(', ')}`);
  }
}

async function notYetRun(db: Knex, migrations: readonly Migration[]): Promise<string[]> {
  const names = migrations.map(({ name }) => name);
  const [table] = await query<{ exists: boolean }>(
    db,
    "select to_regclass('knex_migrations') is not null as exists",
  );
  if (!table?.exists) return names;
  const run = await query<{ name: string }>(db, 'select name from knex_migrations');
  return names.filter((name) => !run.some((done) => done.name === name));
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
