import { randomUUID } from 'node:crypto';
import { migrate } from '@holdfast/shared/database/migrate';
import { query } from '@holdfast/shared/database/query';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { readAccount } from './rows.ts';
import { migrations } from './schema.ts';
import { movesOf, openAccount, unbalanced } from './testing/accounts.ts';
import { buildApi, call } from './testing/api.ts';
import { transfers } from './transfers.ts';

let db: Knex;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ db, drop } = await createTestDatabase());
});
afterEach(() => drop());

/** The id of an entry that was made in the `ms`th millisecond. */
const entryId = (ms: number, tail: string) =>
  `01990000-${String(ms).padStart(4, '0')}-7000-8000-00000000000${tail}`;

describe('the ledger of before', () => {
  const before = migrations.slice(
    0,
    migrations.findIndex(({ name }) => name === '021-double-entry'),
  );

  const insert = (rows: [string, string, string, number, number, string | null][]) =>
    query(
      db,
      `insert into ledger (entry_id, user_id, kind, amount, balance_after, command_id)
       select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])`,
      [0, 1, 2, 3, 4, 5].map((column) => rows.map((row) => row[column])),
    );

  test('becomes transfers, in the order in which they were decided on', async () => {
    await migrate(db, before);
    const [ada, bob, cy] = [randomUUID(), randomUUID(), randomUUID()];
    await query(
      db,
      `insert into account (user_id, currency, balance) values (?, 'KRW', 130), (?, 'EUR', 5), (?, 'EUR', 0)`,
      [ada, bob, cy],
    );
    await query(
      db,
      `insert into idempotency_key (user_id, key, operation, request_hash, status, body) values
         (?, 'first', 'charge', '', 201, ?), (?, 'second', 'charge', '', 201, ?)`,
      [
        ada,
        JSON.stringify({ chargeId: entryId(1, '0') }),
        ada,
        JSON.stringify({ chargeId: entryId(3, '0') }),
      ],
    );
    await insert([
      [entryId(1, '0'), ada, 'charge', 100, 100, null],
      // Two instances within a millisecond: the refund's id is the smaller one.
      [entryId(2, 'a'), ada, 'refund', 30, 100, 'one/deduct-balance/undo'],
      [entryId(2, 'b'), ada, 'deduct', 30, 70, 'one/deduct-balance/do'],
      [entryId(3, '0'), ada, 'charge', 30, 130, null],
      [entryId(9, '0'), bob, 'charge', 5, 5, null],
    ]);
    await migrate(db, migrations);

    expect(await unbalanced(db)).toEqual([]);
    expect(await movesOf(db, ada)).toEqual([
      ['charge', 100, 100],
      ['deduct', 30, 70],
      ['refund', 30, 100],
      ['charge', 30, 130],
    ]);
    expect(
      await query(
        db,
        `select entry_no as no, debit_account as debit, credit_account as credit, currency, charge_key as key
         from ledger where user_id = ? order by entry_no`,
        [ada],
      ),
    ).toEqual([
      { no: 1, debit: 'funding', credit: 'user', currency: 'KRW', key: 'first' },
      { no: 2, debit: 'user', credit: 'sales', currency: 'KRW', key: null },
      { no: 3, debit: 'sales', credit: 'user', currency: 'KRW', key: null },
      { no: 4, debit: 'funding', credit: 'user', currency: 'KRW', key: 'second' },
    ]);
    const accounts = await Promise.all([ada, bob, cy].map((userId) => readAccount(db, userId)));
    expect(accounts.map((account) => account?.entries)).toEqual([4, 1, 0]);

    // A charge that was made by then is still known by its key.
    const app = await buildApi(db);
    const again = { userId: ada, key: 'second', body: { amount: 30, currency: 'KRW' } };
    expect(await call(app, 'POST', '/v1/balance/charges', again)).toMatchObject({
      status: 201,
      body: { chargeId: entryId(3, '0'), balance: { amount: 130, currency: 'KRW' } },
    });
    await app.close();
  });
});

describe('the ledger', () => {
  beforeEach(() => migrate(db, migrations));

  test.each([
    `update ledger set amount = amount + 1`,
    `delete from ledger`,
    `truncate ledger`,
    `update ledger set amount = 1 where false`,
  ])('refuses to %s, even to a superuser', async (sql) => {
    const userId = await openAccount(db, 100);
    await expect(query(db, sql)).rejects.toMatchObject({ code: '23001' });
    expect(await movesOf(db, userId)).toEqual([['charge', 100, 100]]);
  });

  test("leaves the service's own role no right to change what is written", async () => {
    const rights = await query<{ right: string }>(
      db,
      `select privilege_type as right from information_schema.role_table_grants
       where table_name = 'ledger' and grantee = current_user order by 1`,
    );
    expect(rights.map(({ right }) => right)).toEqual(['INSERT', 'REFERENCES', 'SELECT', 'TRIGGER']);
  });

  const enter = (userId: string, changes: object) => {
    const row = {
      entry_id: randomUUID(),
      user_id: userId,
      entry_no: 2,
      kind: 'deduct',
      debit_account: 'user',
      credit_account: 'sales',
      amount: 1,
      currency: 'KRW',
      balance_after: 99,
      command_id: randomUUID(),
      ...changes,
    };
    return query(db, `insert into ledger select * from json_populate_record(null::ledger, ?)`, [
      JSON.stringify({ ...row, created_at: new Date() }),
    ]);
  };

  test('knows every kind of transfer, between its accounts and no others', async () => {
    const accounts = ['user', 'funding', 'sales', 'elsewhere'];
    for (const [kind, { debit, credit }] of Object.entries(transfers))
      for (const debit_account of accounts)
        for (const credit_account of accounts) {
          const entered = enter(await openAccount(db, 100), { kind, debit_account, credit_account });
          if (debit_account === debit && credit_account === credit) await entered;
          else await expect(entered).rejects.toMatchObject({ constraint: 'ledger_transfer' });
        }
  });

  test.each([
    [{ entry_no: 1 }, 'ledger_pkey'],
    [{ amount: 0 }, 'ledger_amount_check'],
    [{ balance_after: -1 }, 'ledger_balance_after_check'],
    [{ command_id: null }, 'ledger_cause'],
    [{ charge_key: 'k' }, 'ledger_cause'],
    [{ command_id: null, charge_key: 'opened' }, 'ledger_charge_key'],
    [{ user_id: randomUUID() }, 'ledger_user_id_fkey'],
  ])('refuses an entry with %j', async (changes, constraint) => {
    const userId = await openAccount(db, 100);
    await expect(enter(userId, changes)).rejects.toMatchObject({ constraint });
    await enter(userId, {});
  });

  test('costs its accounts no index: each change of a balance can be a HOT update', async () => {
    expect(await query(db, `select indexname from pg_indexes where tablename = 'account'`)).toEqual([
      { indexname: 'account_pkey' },
    ]);
  });
});
