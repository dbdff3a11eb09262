import { balanceRefunded, refund as contract } from '@holdfast/shared/contracts/balance';
import { compensation } from '@holdfast/shared/participant/decide';
import { moved } from '../events.ts';
import { move, type State } from '../state.ts';

/** Puts back what the deduction of the same step has taken, as the ledger says. */
export const refund = compensation(contract, (state: State, _, { id, undoes }) => {
  const deducted = state.entries.get(undoes);
  // The ticket was free.
  if (!deducted) return { effect: 'undone' };
  // Whose money it was, the ledger says. A command for somebody else mustn't pay them, nor be acknowledged.
  const account = state.accounts.get(deducted.userId);
  if (!account) throw new Error(`${id} is for another user than ${undoes} was`);
  const { amount, reservationId } = deducted;
  const entry = move(state, account, { kind: 'refund', amount, commandId: id, reservationId });
  return { effect: 'undone', events: [moved(balanceRefunded, entry)] };
});
