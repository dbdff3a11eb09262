import { balanceDeducted, deduct as contract } from '@holdfast/shared/contracts/balance';
import { action } from '@holdfast/shared/participant/decide';
import { moved } from '../events.ts';
import { move, payingAccount, type State } from '../state.ts';

/** Takes a price off a balance. */
export const deduct = action(contract, (state: State, { userId, price, reservationId = null }, { id }) => {
  const account = payingAccount(state, userId, price);
  if ('refused' in account) return account;
  const { amount, currency } = price;
  // A ticket may be free: there is nothing to write down then, and nothing to refund.
  if (amount === 0) return { done: { balance: { amount: account.balance, currency } } };
  const entry = move(state, account, { kind: 'deduct', amount, commandId: id, reservationId });
  return {
    done: { balance: { amount: entry.balanceAfter, currency } },
    events: [moved(balanceDeducted, entry)],
  };
});
