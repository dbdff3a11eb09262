import { balanceCredited, credit as contract } from '@holdfast/shared/contracts/balance';
import { action } from '@holdfast/shared/participant/decide';
import { moved } from '../events.ts';
import { accountFor, move, type State } from '../state.ts';

/** Puts the price of a refunded payment on a balance. */
export const credit = action(contract, (state: State, { userId, price }, { id }) => {
  const account = accountFor(state, userId, price);
  if ('refused' in account) return account;
  const { amount, currency } = price;
  // The ticket was free.
  if (amount === 0) return { done: { balance: { amount: account.balance, currency } } };
  const entry = move(state, account, { kind: 'credit', amount, commandId: id });
  return {
    done: { balance: { amount: entry.balanceAfter, currency } },
    events: [moved(balanceCredited, entry)],
  };
});
