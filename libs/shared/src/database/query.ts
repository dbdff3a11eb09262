import type { Knex } from 'knex';
import type pg from 'pg';

/**
 * One transaction, on a connection that it has for itself. Statements that are given to it one after the other without
 * waiting for answers go out in one round trip, and are done in that order (pg's pipeline mode).
 */
export type Transaction = { readonly connection: Pick<pg.ClientBase, 'query'> };

/** One that is run as {@link prepared} runs it. */
export type Statement = { sql: string; bindings: readonly unknown[] };

/** A pool or one transaction of it: whatever SQL can run on. */
export type Database = Knex | Transaction;

/**
 * Runs one SQL statement. `?` stands for a binding and `\\?` for a question mark. An array binds as a Postgres array
 * (`= any(?::uuid[])`), so a JSON array has to be bound as its text.
 */
export async function query<Row extends object>(
  db: Database,
  sql: string,
  bindings: readonly unknown[] = [],
): Promise<Row[]> {
  if (isPool(db)) return (await db.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[])).rows;
  return run(db, { text: positional(sql), values: [...bindings] });
}

/**
 * The same for a statement that runs all the time: each connection has it parsed and planned once. Its text has to be one
 * of few.
 */
export async function prepared<Row extends object>(
  db: Database,
  sql: string,
  bindings: readonly unknown[],
): Promise<Row[]> {
  let statement = statements.get(sql);
  if (!statement) {
    statement = { name: `holdfast_${statements.size}`, text: positional(sql) };
    statements.set(sql, statement);
  }
  if (!isPool(db)) return run(db, { ...statement, values: [...bindings] });
  const { name } = statement;
  const raw = db.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[]).options({ name });
  return (await raw).rows;
}

/** By their text as it is written; of this process, whose connections know no other's. */
const statements = new Map<string, { name: string; text: string }>();

/** Runs these one after the other, in one round trip where it is in a transaction. @returns the rows of each */
export const runAll = (db: Database, statements: readonly Statement[]): Promise<object[][]> =>
  Promise.all(statements.map(({ sql, bindings }) => prepared(db, sql, bindings)));

/** Runs these as one transaction (read committed), in one round trip. @returns the rows of each */
export const atOnce = async (db: Knex, statements: readonly Statement[]): Promise<object[][]> =>
  (await transact(db, async () => undefined, statements)).rows;

/**
 * Runs `work` in one transaction (read committed): commits when it resolves, rolls back when it throws. Its first statement
 * goes out together with the beginning of the transaction; the last ones, which `work` may still add to, together with
 * its end.
 */
export const inTransaction = async <Result>(
  db: Knex,
  work: (tx: Transaction) => Promise<Result>,
  last: readonly Statement[] = [],
): Promise<Result> => (await transact(db, work, last)).result;

async function transact<Result>(
  db: Knex,
  work: (tx: Transaction) => Promise<Result>,
  last: readonly Statement[],
): Promise<{ result: Result; rows: object[][] }> {
  const connection: pg.ClientBase = await db.client.acquireConnection();
  try {
    const begun = connection.query('begin');
    // Where it fails the connection is lost, and whatever comes after it fails as well.
    begun.catch(() => undefined);
    let result: Result;
    try {
      result = await work({ connection });
    } catch (error) {
      await connection.query('rollback').catch(() => undefined);
      throw error;
    }
    // Where a statement fails, those after it fail as well, and the commit rolls back.
    const ending = [begun, runAll({ connection }, last), connection.query('commit')] as const;
    // The connection is given back once all of them are answered; the error that counts is the first.
    await Promise.allSettled(ending);
    const [, rows, { command }] = await Promise.all(ending);
    // So it answers where a statement of `work` has failed and nobody minded.
    if (command === 'ROLLBACK') throw new Error('not committed: a statement of the transaction has failed');
    return { result, rows };
  } finally {
    await db.client.releaseConnection(connection);
  }
}

const isPool = (db: Database): db is Knex => typeof db === 'function';

async function run<Row extends object>({ connection }: Transaction, config: pg.QueryConfig): Promise<Row[]> {
  try {
    return (await connection.query(config)).rows;
  } catch (error) {
    // As knex does it: by its message alone nobody knows which statement it was.
    if (error instanceof Error) error.message = `${config.text} - ${error.message}`;
    throw error;
  }
}

/** `?` as `$1`, `$2` and so on. */
function positional(sql: string): string {
  let count = 0;
  return sql.replace(/\\\?|\?/g, (mark) => (mark === '?' ? `$${++count}` : '?'));
}
