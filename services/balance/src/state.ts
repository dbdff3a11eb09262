import type { Money } from '@holdfast/shared/contracts/values';
import { v7 as uuidv7 } from 'uuid';
import { type Kind, signed } from './transfers.ts';

/** A user's account: what is on it, and how many entries of the ledger have made it so. */
export type Account = Readonly<{ userId: string; currency: string; balance: number; entries: number }>;

/** A line of the ledger: a transfer between the user's account and one of the house's. */
export type Entry = Readonly<{
  entryId: string;
  userId: string;
  /** The user's first is 1, and none is left out: so their order is known, and no change of a balance gets lost. */
  entryNo: number;
  kind: Kind;
  /** Minor units. */
  amount: number;
  currency: string;
  balanceAfter: number;
  /** Which command it was done for; it is how a compensation finds what it undoes. */
  commandId: string | null;
  /** Or by which idempotency key a user has charged. */
  chargeKey: string | null;
  /** What was paid for, where the command said so. */
  reservationId: string | null;
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
  transfer: Pick<Entry, 'kind' | 'amount'> &
    Partial<Pick<Entry, 'commandId' | 'chargeKey' | 'reservationId'>>,
): Entry {
  const entry: Entry = {
    entryId: uuidv7(),
    userId: account.userId,
    entryNo: account.entries + 1,
    currency: account.currency,
    balanceAfter: account.balance + signed(transfer),
    commandId: null,
    chargeKey: null,
    reservationId: null,
    ...transfer,
  };
  accounts.set(account.userId, { ...account, balance: entry.balanceAfter, entries: entry.entryNo });
  entries.set(entry.commandId ?? entry.entryId, entry);
  return entry;
}
