import type { Money } from '@holdfast/shared/contracts/values';
import { applying } from '@holdfast/shared/testing/commands';
import { balanceParticipant } from '../participant.ts';
import { type Account, type State, stateOf } from '../state.ts';

/** Rows for tests: one user and one account, unless told otherwise. */

export const userId = '30000000-0000-4000-8000-000000000000';
export const someoneElse = '30000000-0000-4000-8000-000000000001';
export const account: Account = { userId, currency: 'KRW', balance: 1_000, entries: 0 };

export const krw = (amount: number): Money => ({ amount, currency: 'KRW' });

/** The working set of a batch about these accounts, of which nothing has to be undone. */
export const stateWith = (...accounts: Account[]): State => stateOf(accounts, []);

/** The balance that the state leaves to the user. */
export const balanceIn = ({ accounts }: State, of: string = userId): number | undefined =>
  accounts.get(of)?.balance;

/** The state's ledger entries as `[kind, amount, balance after]`. */
export const movesIn = ({ entries }: State) =>
  [...entries.values()].map(({ kind, amount, balanceAfter }) => [kind, amount, balanceAfter]);

/** Applies a batch to a state, as production does. */
export const apply = applying(balanceParticipant.handlers);
