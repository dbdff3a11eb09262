import { loadBalance as contract } from '@holdfast/shared/contracts/balance';
import { read } from '@holdfast/shared/participant/decide';
import { payingAccount, type State } from '../state.ts';

/** Refuses early what {@link deduct} would refuse, before anything has been changed. */
export const load = read(contract, (state: State, { userId, price }) => {
  const account = payingAccount(state, userId, price);
  if ('refused' in account) return account;
  return { done: { balance: { amount: account.balance, currency: account.currency } } };
});
