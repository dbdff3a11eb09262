import knex, { type Knex } from 'knex';
import pg from 'pg';

/**
 * A pool of connections to Postgres. It connects when first used.
 *
 * @param options.pool connections at most
 * @param options.name how the connections call themselves in `pg_stat_activity`
 */
export function connectDatabase(options: { url: string; pool: number; name: string }): Knex {
  // pg's own type: knex's doesn't know lock_timeout.
  const connection: pg.ClientConfig = {
    connectionString: options.url,
    application_name: options.name,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    lock_timeout: 5_000,
    // A process that hangs in the middle of a transaction would hold its row locks for ever.
    idle_in_transaction_session_timeout: 15_000,
    // What a transaction says in one go is one round trip.
    pipeline: true,
    types: { getTypeParser },
  };
  return knex({
    client: 'pg',
    connection: connection as Knex.PgConnectionConfig,
    // No idle minimum: connections that a restart of Postgres broke are made anew only when needed.
    pool: { min: 0, max: options.pool },
    acquireConnectionTimeout: 5_000,
    // Errors are logged, and what is bound to a statement may be personal.
    compileSqlOnError: false,
    // Knex would print to the console what it throws as well.
    log: { warn: () => undefined },
  });
}

/** pg gives bigints as text, so as not to lose digits. Ours stay far below 2^53; one that doesn't is a bug. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is not a safe integer`);
  return value;
}

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: string) =>
  oid === pg.types.builtins.INT8 ? parseInt8 : pg.types.getTypeParser(oid, format as 'text');
