import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { createTestDatabase } from '../testing/database.ts';
import { type Database, inTransaction, prepared, query } from './query.ts';

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

  test('prepared, gives the same, on any connection and in a transaction', async () => {
    const sum = (on: Database, a: number, b: number[]) =>
      prepared(
        on,
        `select ?::int + sum(n)::int as sum, '{"a":1}'::jsonb \\? 'a' as has from unnest(?::int[]) n`,
        [a, b],
      );
    const sums = await Promise.all(Array.from({ length: 20 }, (_, i) => sum(db, i, [1, 2])));
    expect(sums).toEqual(Array.from({ length: 20 }, (_, i) => [{ sum: i + 3, has: true }]));
    expect(await inTransaction(db, async (tx) => [await sum(tx, 1, [2]), await sum(tx, 3, [4])])).toEqual([
      [{ sum: 3, has: true }],
      [{ sum: 7, has: true }],
    ]);
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

  test('does statements that nobody waited for in between in their order, and none where one fails', async () => {
    await query(db, 'create table step (id int primary key)');
    const seen = await inTransaction(db, async (tx) => {
      const [, before, , after] = await Promise.all([
        query(tx, 'insert into step values (1)'),
        query(tx, 'select id from step'),
        query(tx, 'insert into step values (2)'),
        query(tx, 'select id from step'),
      ]);
      return [before, after];
    });
    expect(seen).toEqual([[{ id: 1 }], [{ id: 1 }, { id: 2 }]]);

    const failing = inTransaction(db, (tx) =>
      Promise.all([
        query(tx, 'insert into step values (3)'),
        query(tx, 'insert into step values (?)', [1]),
        query(tx, 'insert into step values (4)'),
      ]),
    );
    await expect(failing).rejects.toMatchObject({ code: '23505', constraint: 'step_pkey' });
    await expect(failing).rejects.toThrow(/^insert into step values \(\$1\) - duplicate key/);
    expect(await query(db, 'select count(*) from step')).toEqual([{ count: 2 }]);
  });

  test('says so where a statement has failed and nobody minded', async () => {
    const careless = inTransaction(db, async (tx) => {
      await query(tx, 'select 1 / 0').catch(() => undefined);
      return 'done';
    });
    await expect(careless).rejects.toThrow('not committed');
  });

  test('leaves connections as it found them, whatever happened', async () => {
    const work = (i: number) =>
      inTransaction(db, async (tx) => {
        await query(tx, i % 2 === 0 ? 'select 1' : 'select 1 / 0');
      });
    await Promise.allSettled(Array.from({ length: 50 }, (_, i) => work(i)));
    const open = await query(db, "select from pg_stat_activity where state like 'idle in transaction%'");
    expect(open).toHaveLength(0);
  });
});
