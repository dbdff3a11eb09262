import { randomUUID } from 'node:crypto';
import type { LedgerCheck } from '@holdfast/shared/contracts/operations';
import { migrate } from '@holdfast/shared/database/migrate';
import { inTransaction, query, runAll } from '@holdfast/shared/database/query';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { changes, lockAccount } from '../rows.ts';
import { migrations } from '../schema.ts';
import { type Account, move } from '../state.ts';
import { openAccount } from '../testing/accounts.ts';
import { buildApi, call } from '../testing/api.ts';
import { beginIfDue, beginNow, goOn, listChecks } from './check.ts';

let db: Knex;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ db, drop } = await createTestDatabase());
  await migrate(db, migrations);
});
afterEach(() => drop());

const dayMs = 86_400_000;

/** What it came to, after how many parts. */
async function check({ full = false } = {}): Promise<LedgerCheck> {
  await beginNow(db, { full });
  for (;;) {
    const step = await goOn(db);
    if (step === 'nothing') throw new Error('there was nothing to check');
    if (step !== 'more') return step;
  }
}

/** Moves money as the service does. */
const moveFor = (userId: string, ...moves: ['deduct' | 'refund', number][]) =>
  inTransaction(db, async (tx) => {
    const state = await lockAccount(tx, userId);
    for (const [kind, amount] of moves)
      move(state, state.accounts.get(userId) as Account, { kind, amount, commandId: randomUUID() });
    await runAll(tx, changes(state));
  });

/** What only a bug, or somebody with a superuser's password, can do. */
const tamper = (sql: string, userId: string) =>
  inTransaction(db, async (tx) => {
    await query(tx, 'set local session_replication_role = replica');
    await query(tx, `${sql} user_id = ?`, [userId]);
  });

describe('the check of the ledger', () => {
  test('finds that all of it sums up, and tells what the accounts hold', async () => {
    const ada = await openAccount(db, 1_000);
    await openAccount(db, 0);
    await openAccount(db, 70, 'EUR');
    await moveFor(ada, ['deduct', 300], ['deduct', 200]);
    await moveFor(ada, ['refund', 200]);
    expect(await check()).toMatchObject({
      accounts: 3,
      entries: 5,
      unbalanced: 0,
      findings: [],
      endedAt: expect.any(String),
      totals: [
        { currency: 'EUR', account: 'funding', balance: '-70' },
        { currency: 'EUR', account: 'user', balance: '70' },
        { currency: 'KRW', account: 'funding', balance: '-1000' },
        { currency: 'KRW', account: 'sales', balance: '300' },
        { currency: 'KRW', account: 'user', balance: '700' },
      ],
    });
  });

  test('adds up only what has come since, and comes to the same as one from the start', async () => {
    const [ada, bob] = [await openAccount(db, 100), await openAccount(db, 50)];
    await check();
    await moveFor(ada, ['deduct', 30], ['deduct', 20]);
    const later = await check();
    expect(later).toMatchObject({ accounts: 2, entries: 2, unbalanced: 0, full: false });
    const full = await check({ full: true });
    expect(full).toMatchObject({ accounts: 2, entries: 4, unbalanced: 0, full: true });
    expect(full.totals).toEqual(later.totals);
    expect(await check()).toMatchObject({ entries: 0, totals: full.totals });
    await moveFor(bob, ['deduct', 1]);
    expect(await check()).toMatchObject({ entries: 1 });
  });

  test.each<[string, string, object]>([
    ['a balance with a unit too much', 'update account set balance = 71 where', { balanceOff: 1 }],
    ['a balance with a unit too little', 'update account set balance = 69 where', { balanceOff: -1 }],
    ['an account that counts an entry too many', 'update account set entries = 3 where', { entriesOff: 1 }],
    [
      'a last entry that is gone',
      'delete from ledger where entry_no = 2 and',
      { entriesOff: 1, balanceOff: -30 },
    ],
    [
      'a first entry that is gone',
      'delete from ledger where entry_no = 1 and',
      { balanceOff: 100, chained: false },
    ],
    [
      'an entry with another amount',
      'update ledger set amount = 31 where entry_no = 2 and',
      { balanceOff: 1, chained: false },
    ],
    [
      'an entry that does not continue the one before',
      'update ledger set balance_after = 101 where entry_no = 1 and',
      { chained: false },
    ],
    [
      'an entry in another currency',
      `update ledger set currency = 'EUR' where entry_no = 2 and`,
      { chained: false },
    ],
  ])('finds %s', async (_, sql, found) => {
    const others = [await openAccount(db, 5), await openAccount(db, 0)];
    const userId = await openAccount(db, 100);
    await moveFor(userId, ['deduct', 30]);
    await tamper(sql, userId);
    const sound = { balanceOff: 0, entriesOff: 0, chained: true };
    const expected = { accounts: 3, unbalanced: 1, findings: [{ userId, ...sound, ...found }] };
    expect(await check()).toMatchObject(expected);
    // Also the next time, until it is mended; and so does one from the start.
    await moveFor(others[0] as string, ['deduct', 1]);
    expect(await check()).toMatchObject(expected);
    expect(await check({ full: true })).toMatchObject(expected);
  });

  test('from the start, finds what was changed after it had been found in order', async () => {
    const userId = await openAccount(db, 100);
    await moveFor(userId, ['deduct', 30]);
    await check();
    await tamper('update ledger set amount = 31 where entry_no = 2 and', userId);
    expect(await check()).toMatchObject({ unbalanced: 0 });
    expect(await check({ full: true })).toMatchObject({ unbalanced: 1 });
  });

  test('walks through many accounts in parts, and any instance goes on where another has stopped', async () => {
    await query(
      db,
      `with opened as (
         insert into account (user_id, currency, balance, entries)
         select gen_random_uuid(), 'KRW', 7, 1 from generate_series(1, 4500) returning user_id)
       insert into ledger (entry_id, user_id, entry_no, kind, debit_account, credit_account, amount, currency,
                           balance_after, charge_key)
       select gen_random_uuid(), user_id, 1, 'charge', 'funding', 'user', 7, 'KRW', 7, 'k' from opened`,
    );
    await beginNow(db, { full: false });
    expect(await goOn(db)).toBe('more');
    // Meanwhile another has nothing to do, and nobody begins a second one.
    await inTransaction(db, async (tx) => {
      await query(tx, 'select from ledger_check where ended_at is null for update');
      expect(await goOn(db)).toBe('nothing');
    });
    await beginIfDue(db, 0);
    expect((await listChecks(db, dayMs)).checks).toMatchObject([{ accounts: 2_000 }]);
    let steps = 1;
    for (let step = await goOn(db); step === 'more'; step = await goOn(db)) steps++;
    expect(steps).toBe(3);
    expect((await listChecks(db, dayMs)).checks).toMatchObject([
      {
        accounts: 4_500,
        entries: 4_500,
        unbalanced: 0,
        totals: [{ balance: '-31500' }, { balance: '31500' }],
      },
    ]);
  });

  test('is right while payments go on', async () => {
    const users = await Promise.all(Array.from({ length: 12 }, () => openAccount(db, 1_000)));
    let going = true;
    const moving = Promise.all(
      users.slice(0, 6).map(async (userId) => {
        while (going)
          await moveFor(userId, ['deduct', 3], ['refund', 3], ['deduct', 1]).catch(() => undefined);
      }),
    );
    for (let round = 0; round < 12; round++)
      expect(await check({ full: round % 4 === 0 })).toMatchObject({ findings: [] });
    going = false;
    await moving;
    expect(await check()).toMatchObject({ unbalanced: 0 });
  });

  test('is due once a day, and overdue once none has ended for two', async () => {
    await openAccount(db, 1);
    expect(await listChecks(db, dayMs)).toEqual({ overdue: false, checks: [] });
    await beginIfDue(db, dayMs);
    await Promise.all([goOn(db), beginIfDue(db, dayMs)]);
    while ((await goOn(db)) !== 'nothing');
    await beginIfDue(db, dayMs);
    expect(await goOn(db)).toBe('nothing');
    expect((await listChecks(db, dayMs)).overdue).toBe(false);

    const age = (hours: number) =>
      query(
        db,
        `update ledger_check set started_at = now() - ? * interval '1 hour', ended_at = now() - ? * interval '1 hour'`,
        [hours, hours],
      );
    await age(49);
    expect((await listChecks(db, dayMs)).overdue).toBe(true);
    await beginIfDue(db, dayMs);
    expect((await listChecks(db, dayMs)).overdue).toBe(true);
    while ((await goOn(db)) !== 'nothing');
    expect(await listChecks(db, dayMs)).toMatchObject({
      overdue: false,
      checks: [{ accounts: 1 }, { accounts: 1 }],
    });
  });

  test('is shown to viewers, and begun by operators', async () => {
    const app = await buildApi(db);
    const userId = await openAccount(db, 3);
    const path = '/ops/v1/ledger-checks';
    const asViewer = { userId: randomUUID(), roles: ['viewer'] };
    expect(await call(app, 'GET', path, { userId })).toMatchObject({ status: 403 });
    expect(await call(app, 'POST', path, { ...asViewer, body: {} })).toMatchObject({ status: 403 });
    const asOperator = { userId: randomUUID(), roles: ['operator'] };
    expect(await call(app, 'POST', path, { ...asOperator, body: { full: true } })).toMatchObject({
      status: 202,
      body: { checks: [{ full: true, accounts: 0 }] },
    });
    while ((await goOn(db)) !== 'nothing');
    const shown = await call(app, 'GET', path, asViewer);
    expect(shown).toMatchObject({
      status: 200,
      body: { overdue: false, checks: [{ accounts: 1, unbalanced: 0 }] },
    });
    await app.close();
  });
});
