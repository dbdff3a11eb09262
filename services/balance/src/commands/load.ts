import { loadBalance as contract } from '@holdfast/shared/contracts/balance';
import { read } from '@holdfast/shared/participant/decide';
import { payingAccount, type State } from '../state.ts';

/** Refuses early what {@link deduct} would refuse, before anything has been changed. */
export const load = read(contract, (state: State, { userId, price }) => {
  const account = price
    ? payingAccount(state, userId, price)
    : (state.accounts.get(userId) ?? { refused: 'user-not-found' });
  if ('refused' in account) return account;
  return { done: { balance: { amount: account.balance, currency: account.currency } } };
});
