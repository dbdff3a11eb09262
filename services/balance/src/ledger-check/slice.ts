import type { LedgerFinding } from '@holdfast/shared/contracts/operations';
import { type Database, query } from '@holdfast/shared/database/query';

/** What has been seen of the accounts that come next. */
export type Slice = {
  accounts: number;
  entries: number;
  /** The last of them; null where none was left. */
  reached: string | null;
  findings: LedgerFinding[];
};

/** So many accounts at most in one statement, and about so many entries: none takes long, and none grows with time. */
const limits = { accounts: 2_000, entries: 50_000 };

/**
 * Looks at the accounts with ids after `after`: whether each is what its entries make it. Those that were found in order
 * before aren't read again; what is in order now is remembered and added to the totals. One statement sees an account and
 * its entries as one transaction has left them, whatever is written meanwhile, and locks no row that a payment needs.
 */
export async function checkSlice(tx: Database, after: string): Promise<Slice> {
  const [slice] = await query<Slice>(tx, statement, [after, limits.accounts, limits.entries]);
  return slice as Slice;
}

const statement = `
  with due as (
    select account.user_id, currency, account.balance, entries,
      coalesce(checked.entry_no, 0) as from_no, coalesce(checked.balance, 0) as from_balance
    from account left join ledger_checked checked using (user_id)
    where account.user_id > ?::uuid order by account.user_id limit ?
  ), slice as materialized (
    select * from (select *, sum(entries - from_no) over (order by user_id) as entries_until from due) sized
    where entries_until - (entries - from_no) <= ?
  ), fresh as materialized (
    select slice.user_id, ledger.currency, debit_account, credit_account, amount, entry_no, change,
      ledger.currency = slice.currency
        and entry_no = lag(entry_no, 1, from_no) over own + 1
        and balance_after = lag(balance_after, 1, from_balance) over own + change as follows
    from slice
      join ledger on ledger.user_id = slice.user_id and entry_no > from_no
      cross join lateral (select case credit_account when 'user' then amount else -amount end as change) signed
    window own as (partition by slice.user_id order by entry_no)
  ), added as (
    select user_id, count(*) as lines, max(entry_no) as last_no, sum(change) as change, bool_and(follows) as chained
    from fresh group by user_id
  ), seen as materialized (
    select user_id, coalesce(lines, 0) as lines, coalesce(chained, true) as chained, entries, balance,
      balance - from_balance - coalesce(change, 0) as balance_off,
      entries - coalesce(last_no, from_no) as entries_off
    from slice left join added using (user_id)
  ), sound as materialized (
    select * from seen where balance_off = 0 and entries_off = 0 and chained
  ), remembered as (
    insert into ledger_checked (user_id, entry_no, balance)
    select user_id, entries, balance from sound where lines > 0
    on conflict (user_id) do update set entry_no = excluded.entry_no, balance = excluded.balance
  ), totalled as (
    insert into ledger_total (currency, account, debits, credits)
    select currency, account, sum(debit), sum(credit)
    from fresh join sound using (user_id)
      cross join lateral (values (debit_account, amount, 0), (credit_account, 0, amount)) as side (account, debit, credit)
    group by currency, account
    on conflict (currency, account) do update
      set debits = ledger_total.debits + excluded.debits, credits = ledger_total.credits + excluded.credits
  )
  select count(*) as accounts, coalesce(sum(lines), 0)::bigint as entries,
    (select user_id from slice order by user_id desc limit 1) as reached,
    coalesce(
      json_agg(json_build_object(
        'userId', user_id, 'balanceOff', balance_off, 'entriesOff', entries_off, 'chained', chained
      ) order by user_id) filter (where balance_off <> 0 or entries_off <> 0 or not chained), '[]') as findings
  from seen`;
