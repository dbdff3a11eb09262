import type { Money } from '@holdfast/shared/contracts/values';
import { v7 as uuidv7 } from 'uuid';

export type Account = Readonly<{ userId: string; currency: string; balance: number }>;

export type Entry = Readonly<{
  entryId: string;
  userId: string;
  kind: 'charge' | 'deduct' | 'refund' | 'credit';
  /** Minor units. */
  amount: number;
  balanceAfter: number;
  commandId: string | null;
}>;

/** What a batch of commands works on. Accounts are values: a change puts a new one in the place of the old. */
export type State = {
  readonly accounts: Map<string, Account>;
  /** By command id: those that may have to be undone, and those that this batch makes. */
  readonly entries: Map<string, Entry>;
  /** As they were: what is another object by now has to be saved. */
  readonly loaded: {
    readonly accounts: ReadonlyMap<string, Account>;
    readonly entries: ReadonlyMap<string, Entry>;
  };
};

/** A batch's working set, before any command. */
export function stateOf(accounts: Iterable<Account>, entries: Iterable<Entry>): State {
  const loaded = {
    accounts: new Map(Array.from(accounts, (row) => [row.userId, row])),
    entries: new Map(Array.from(entries, (row) => [row.commandId ?? row.entryId, row])),
  };
  return { accounts: new Map(loaded.accounts), entries: new Map(loaded.entries), loaded };
}

/** The account that a price can be put on, or why it can't. */
export function accountFor(
  { accounts }: Pick<State, 'accounts'>,
  userId: string,
  price: Money,
): Account | { refused: string; detail?: string } {
  const account = accounts.get(userId);
  if (!account) return { refused: 'user-not-found' };
  if (account.currency !== price.currency)
    return { refused: 'currency-mismatch', detail: `the account is in ${account.currency}` };
  return account;
}

/** The account that a price can be taken off, or why it can't. */
export function payingAccount(
  state: Pick<State, 'accounts'>,
  userId: string,
  price: Money,
): Account | { refused: string; detail?: string } {
  const account = accountFor(state, userId, price);
  if (!('refused' in account) && account.balance < price.amount) return { refused: 'insufficient-balance' };
  return account;
}

/** Changes a balance, and writes down why. */
export function move(
  { accounts, entries }: Pick<State, 'accounts' | 'entries'>,
  account: Account,
  { kind, amount, commandId }: Pick<Entry, 'kind' | 'amount' | 'commandId'>,
): Entry {
  const balance = account.balance + (kind === 'deduct' ? -amount : amount);
  const entryId = uuidv7();
  const entry = { entryId, userId: account.userId, kind, amount, balanceAfter: balance, commandId };
  accounts.set(account.userId, { ...account, balance });
  entries.set(commandId ?? entryId, entry);
  return entry;
}
