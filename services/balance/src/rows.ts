import { loadBalance, loadUser, refund } from '@holdfast/shared/contracts/balance';
import { type CommandMessage, commandId } from '@holdfast/shared/contracts/protocol';
import { type Database, query } from '@holdfast/shared/database/query';
import { type Account, type Entry, type State, stateOf } from './state.ts';

const reads: readonly string[] = [loadUser.type, loadBalance.type];

/**
 * Loads what `commands` are about. Accounts that may change are locked, in the order of their ids, so that batches
 * can't deadlock; those that are only read aren't: a batch of nothing else writes nothing, and its commit waits for no
 * disk.
 */
export async function load(tx: Database, commands: readonly CommandMessage[]): Promise<State> {
  const changed = new Set(commands.filter(({ type }) => !reads.includes(type)).map(userOf));
  const read = [...new Set(commands.map(userOf))].filter((userId) => !changed.has(userId));
  const accounts = [
    ...(await readAccounts(tx, read, '')),
    ...(await readAccounts(tx, [...changed], 'order by user_id for no key update')),
  ];
  const refunded = commands
    .filter(({ type }) => type === refund.type)
    .map(({ sagaId, step }) => commandId(sagaId, step, 'do'));
  return stateOf(accounts, await readEntries(tx, refunded));
}

const userOf = ({ payload }: CommandMessage): string => payload.userId as string;

/** Writes the balances that have changed, and the entries that say why. */
export async function save(tx: Database, { accounts, entries, loaded }: State): Promise<void> {
  const changed = [...accounts.values()].filter((row) => loaded.accounts.get(row.userId) !== row);
  const added = [...entries].flatMap(([id, row]) => (loaded.entries.has(id) ? [] : [row]));
  await updateBalances(tx, changed);
  await insertEntries(tx, added);
}

async function readAccounts(tx: Database, userIds: string[], clause: string): Promise<Account[]> {
  if (userIds.length === 0) return [];
  return query<Account>(
    tx,
    `select user_id as "userId", currency, balance from account where user_id = any(?::uuid[]) ${clause}`,
    [userIds],
  );
}

async function readEntries(tx: Database, commandIds: string[]): Promise<Entry[]> {
  if (commandIds.length === 0) return [];
  return query<Entry>(
    tx,
    `select entry_id as "entryId", user_id as "userId", kind, amount, balance_after as "balanceAfter",
       command_id as "commandId"
     from ledger where command_id = any(?::text[])`,
    [commandIds],
  );
}

async function updateBalances(tx: Database, rows: readonly Account[]): Promise<void> {
  if (rows.length === 0) return;
  await query(
    tx,
    `update account set balance = new.balance
     from unnest(?::uuid[], ?::bigint[]) as new (user_id, balance)
     where account.user_id = new.user_id`,
    [rows.map(({ userId }) => userId), rows.map(({ balance }) => balance)],
  );
}

async function insertEntries(tx: Database, rows: readonly Entry[]): Promise<void> {
  if (rows.length === 0) return;
  await query(
    tx,
    `insert into ledger (entry_id, user_id, kind, amount, balance_after, command_id)
     select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])`,
    [
      rows.map(({ entryId }) => entryId),
      rows.map(({ userId }) => userId),
      rows.map(({ kind }) => kind),
      rows.map(({ amount }) => amount),
      rows.map(({ balanceAfter }) => balanceAfter),
      rows.map(({ commandId }) => commandId),
    ],
  );
}

/** One user's account, locked until the transaction ends. */
export async function lockAccount(tx: Database, userId: string): Promise<State> {
  return stateOf(await readAccounts(tx, [userId], 'for no key update'), []);
}

/** One user's account as it is. */
export async function readAccount(db: Database, userId: string): Promise<Account | undefined> {
  const [account] = await readAccounts(db, [userId], '');
  return account;
}

export async function insertAccount(db: Database, { userId, currency, balance }: Account): Promise<void> {
  await query(db, 'insert into account (user_id, currency, balance) values (?, ?, ?)', [
    userId,
    currency,
    balance,
  ]);
}
