import { randomUUID } from 'node:crypto';
import { inTransaction, query, runAll } from '@holdfast/shared/database/query';
import type { Knex } from 'knex';
import { changes, insertAccount, lockAccount, readAccount } from '../rows.ts';
import { type Account, move } from '../state.ts';

/** Makes a user whose account has been charged, and returns the id. */
export async function openAccount(db: Knex, amount: number, currency = 'KRW'): Promise<string> {
  const userId = randomUUID();
  await insertAccount(db, { userId, currency });
  if (amount > 0)
    await inTransaction(db, async (tx) => {
      const state = await lockAccount(tx, userId);
      const account = state.accounts.get(userId) as Account;
      move(state, account, { kind: 'charge', amount, chargeKey: 'opened' });
      await runAll(tx, changes(state));
    });
  return userId;
}

export const balanceOf = async (db: Knex, userId: string): Promise<number | undefined> =>
  (await readAccount(db, userId))?.balance;

/** A user's ledger as `[kind, amount, balance after]`, in the order of the entries. */
export async function movesOf(db: Knex, userId: string): Promise<[string, number, number][]> {
  const rows = await query<{ kind: string; amount: number; balance_after: number }>(
    db,
    'select kind, amount, balance_after from ledger where user_id = ? order by entry_no',
    [userId],
  );
  return rows.map(({ kind, amount, balance_after }) => [kind, amount, balance_after]);
}

/** The accounts that hold something else than their ledgers add up to: none, to the unit. */
export const unbalanced = (db: Knex) =>
  query(
    db,
    `select user_id, balance, total
     from account
       left join (
         select user_id, sum(case credit_account when 'user' then amount else -amount end)::bigint as total,
           count(*) as lines
         from ledger group by user_id
       ) ledger using (user_id)
     where balance <> coalesce(total, 0) or entries <> coalesce(lines, 0)`,
  );
