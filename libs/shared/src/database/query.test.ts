import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { createTestDatabase } from '../testing/database.ts';
import { inTransaction, query } from './query.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(async () => await database.drop());

describe('query', () => {
  test('binds an array as a Postgres array', async () => {
    const ids = ['3f8c2a4e-0000-4000-8000-000000000001', '3f8c2a4e-0000-4000-8000-000000000002'];
    expect(await query(db, 'select unnest(?::uuid[]) as id', [ids])).toEqual(ids.map((id) => ({ id })));
    const anyOf = (wanted: string[]) =>
      query(db, 'select 1 as found where ?::uuid = any(?::uuid[])', [ids[0], wanted]);
    expect(await anyOf(ids)).toHaveLength(1);
    expect(await anyOf([])).toHaveLength(0);
  });

  test('binds null, dates, bytes and objects', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const rows = await query(db, 'select ?::text as t, ?::timestamptz as at, ?::bytea as b, ?::jsonb as j', [
      null,
      at,
      Buffer.from([0, 255]),
      { a: [1] },
    ]);
    expect(rows).toEqual([{ t: null, at, b: Buffer.from([0, 255]), j: { a: [1] } }]);
  });

  test('keeps an escaped question mark', async () => {
    expect(await query(db, `select '{"a":1}'::jsonb \\? ? as has`, ['a'])).toEqual([{ has: true }]);
  });

  test('gives a bigint as a number, and refuses one that a number cannot hold', async () => {
    expect(
      await query(db, 'select 9007199254740991::bigint as n, count(*) from pg_class where false'),
    ).toEqual([{ n: Number.MAX_SAFE_INTEGER, count: 0 }]);
    await expect(query(db, 'select 9007199254740992::bigint as n')).rejects.toThrow(/not a safe integer/);
    expect(await query(db, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('its connections have limits and a name', async () => {
    const settings = [
      'statement_timeout',
      'lock_timeout',
      'idle_in_transaction_session_timeout',
      'application_name',
    ];
    const values = await query(
      db,
      'select name, setting from pg_settings where name = any(?::text[]) order by name',
      [settings],
    );
    expect(values).toEqual([
      { name: 'application_name', setting: 'test' },
      { name: 'idle_in_transaction_session_timeout', setting: '15000' },
      { name: 'lock_timeout', setting: '5000' },
      { name: 'statement_timeout', setting: '10000' },
    ]);
  });
});

describe('inTransaction', () => {
  test('commits what it returns from and rolls back what it throws in', async () => {
    await query(db, 'create table entry (id int)');
    expect(
      await inTransaction(db, async (tx) => {
        await query(tx, 'insert into entry values (1)');
        return 'done';
      }),
    ).toBe('done');
    const failing = inTransaction(db, async (tx) => {
      await query(tx, 'insert into entry values (2)');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await query(db, 'select id from entry')).toEqual([{ id: 1 }]);
  });
});
