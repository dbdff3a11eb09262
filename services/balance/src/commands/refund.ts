import { balanceRefunded, refund as contract } from '@holdfast/shared/contracts/balance';
import { compensation } from '@holdfast/shared/participant/decide';
import { moved } from '../events.ts';
import { type Account, move, type State } from '../state.ts';

/** Puts back what the deduction of the same step has taken, as the ledger says. */
export const refund = compensation(contract, (state: State, { userId }, { id, undoes }) => {
  const deducted = state.entries.get(undoes);
  if (!deducted) return { effect: 'undone' };
  const account = state.accounts.get(userId) as Account;
  const entry = move(state, account, { kind: 'refund', amount: deducted.amount, commandId: id });
  return { effect: 'undone', events: [moved(balanceRefunded, entry, account.currency)] };
});
