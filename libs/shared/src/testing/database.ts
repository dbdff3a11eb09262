import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import pg from 'pg';
import { connectDatabase } from '../database/connect.ts';

/** An empty database of its own for a test, on the Postgres of POSTGRES_URL (an administrator's). */
export async function createTestDatabase(): Promise<{ db: Knex; url: string; drop: () => Promise<void> }> {
  const adminUrl = process.env.POSTGRES_URL;
  if (!adminUrl) throw new Error('POSTGRES_URL is not set: run the tests by npm test');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = connectDatabase({ url: adminUrl, pool: 1, name: 'test' });
  await admin.raw('create database ??', [name]);

  const url = Object.assign(new URL(adminUrl), { pathname: name }).href;
  const db = connectDatabase({ url, pool: 10, name: 'test' });
  const drop = async () => {
    await db.destroy();
    await admin.raw('drop database ?? with (force)', [name]);
    await admin.destroy();
  };
  return { db, url, drop };
}

/** The rows of one statement, on a connection of its own with whatever the URL says. */
export async function queryOnce(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
