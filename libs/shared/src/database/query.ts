import type { Knex } from 'knex';

/** A pool or one transaction of it: whatever SQL can run on. */
export type Database = Knex | Knex.Transaction;

/**
 * Runs one SQL statement. `?` stands for a binding and `\\?` for a question mark. An array binds as a Postgres array
 * (`= any(?::uuid[])`), so a JSON array has to be bound as its text.
 */
export async function query<Row extends object>(
  db: Database,
  sql: string,
  bindings: readonly unknown[] = [],
): Promise<Row[]> {
  const result = await db.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[]);
  return result.rows;
}

/** Runs `work` in one transaction (read committed): commits when it resolves, rolls back when it throws. */
export async function inTransaction<Result>(
  db: Knex,
  work: (tx: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  return await db.transaction(work);
}
