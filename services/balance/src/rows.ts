import { loadBalance, loadUser } from '@holdfast/shared/contracts/balance';
import { type CommandMessage, commandId } from '@holdfast/shared/contracts/protocol';
import { type Database, prepared, query, type Statement } from '@holdfast/shared/database/query';
import { type Account, type Entry, type State, stateOf } from './state.ts';
import { transfers } from './transfers.ts';

const reads: readonly string[] = [loadUser.type, loadBalance.type];

/**
 * Loads what `commands` are about. Accounts that may change are locked, in the order of their ids, so that batches
 * can't deadlock; those that are only read aren't: a batch of nothing else writes nothing, and its commit waits for no
 * disk.
 */
export async function load(tx: Database, commands: readonly CommandMessage[]): Promise<State> {
  const changed = new Set(commands.filter(({ type }) => !reads.includes(type)).map(userOf));
  const read = [...new Set(commands.map(userOf))].filter((userId) => !changed.has(userId));
  const undone = commands
    .filter(({ action }) => action === 'undo')
    .map(({ sagaId, step }) => commandId(sagaId, step, 'do'));
  const [readOnly, locked, entries] = await Promise.all([
    readAccounts(tx, read, ''),
    readAccounts(tx, [...changed], 'order by user_id for no key update'),
    // After the locks: whoever adds an entry has its account.
    readEntries(tx, undone),
  ]);
  return stateOf([...readOnly, ...locked], entries);
}

const userOf = ({ payload }: CommandMessage): string => payload.userId as string;

/** What writes the balances that have changed, and the entries that say why. */
export function changes({ accounts, entries, loaded }: State): Statement[] {
  const changed = [...accounts.values()].filter((row) => loaded.accounts.get(row.userId) !== row);
  const added = [...entries].flatMap(([id, row]) => (loaded.entries.has(id) ? [] : [row]));
  return [...updateBalances(changed), ...insertEntries(added)];
}

async function readAccounts(tx: Database, userIds: string[], clause: string): Promise<Account[]> {
  if (userIds.length === 0) return [];
  return prepared<Account>(
    tx,
    `select user_id as "userId", currency, balance, entries from account
     where user_id = any(?::uuid[]) ${clause}`,
    [userIds],
  );
}

const entryColumns = `entry_id as "entryId", user_id as "userId", entry_no as "entryNo", kind, amount, currency,
  balance_after as "balanceAfter", command_id as "commandId", charge_key as "chargeKey",
  reservation_id as "reservationId"`;

async function readEntries(tx: Database, commandIds: string[]): Promise<Entry[]> {
  if (commandIds.length === 0) return [];
  return prepared<Entry>(tx, `select ${entryColumns} from ledger where command_id = any(?::text[])`, [
    commandIds,
  ]);
}

/** The charge that a user has made by this key, if any: for good, since the ledger forgets nothing. */
export async function readCharge(tx: Database, userId: string, key: string): Promise<Entry | undefined> {
  const [charge] = await query<Entry>(
    tx,
    `select ${entryColumns} from ledger where user_id = ? and charge_key = ?`,
    [userId, key],
  );
  return charge;
}

/** A user's entries before one of them, the newest first, with the time of each. */
export function listEntries(
  db: Database,
  userId: string,
  { before, limit }: { before: number; limit: number },
): Promise<(Entry & { at: Date })[]> {
  return query(
    db,
    `select ${entryColumns}, created_at as at from ledger
     where user_id = ? and entry_no < ? order by entry_no desc limit ?`,
    [userId, before, limit],
  );
}

function updateBalances(rows: readonly Account[]): Statement[] {
  if (rows.length === 0) return [];
  return [
    {
      sql: `update account set balance = new.balance, entries = new.entries
     from unnest(?::uuid[], ?::bigint[], ?::bigint[]) as new (user_id, balance, entries)
     where account.user_id = new.user_id`,
      bindings: [
        rows.map(({ userId }) => userId),
        rows.map(({ balance }) => balance),
        rows.map(({ entries }) => entries),
      ],
    },
  ];
}

function insertEntries(rows: readonly Entry[]): Statement[] {
  if (rows.length === 0) return [];
  return [
    {
      sql: `insert into ledger (entry_id, user_id, entry_no, kind, debit_account, credit_account, amount, currency,
                         balance_after, command_id, charge_key, reservation_id)
     select * from unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[],
                          ?::bigint[], ?::text[], ?::text[], ?::uuid[])`,
      bindings: [
        rows.map(({ entryId }) => entryId),
        rows.map(({ userId }) => userId),
        rows.map(({ entryNo }) => entryNo),
        rows.map(({ kind }) => kind),
        rows.map(({ kind }) => transfers[kind].debit),
        rows.map(({ kind }) => transfers[kind].credit),
        rows.map(({ amount }) => amount),
        rows.map(({ currency }) => currency),
        rows.map(({ balanceAfter }) => balanceAfter),
        rows.map(({ commandId }) => commandId),
        rows.map(({ chargeKey }) => chargeKey),
        rows.map(({ reservationId }) => reservationId),
      ],
    },
  ];
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

/** Opens an account, with nothing on it. */
export async function insertAccount(
  db: Database,
  { userId, currency }: Pick<Account, 'userId' | 'currency'>,
): Promise<void> {
  await query(db, 'insert into account (user_id, currency, balance) values (?, ?, 0)', [userId, currency]);
}
