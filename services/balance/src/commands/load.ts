import { loadBalance as contract } from '@holdfast/shared/contracts/balance';
import { read } from '@holdfast/shared/participant/decide';
import { type Account, refusal, type State } from '../state.ts';

/** Refuses early what {@link deduct} would refuse, before anything has been changed. */
export const load = read(contract, ({ accounts }: State, { userId, price }) => {
  const refused = refusal(accounts.get(userId), price);
  if (refused) return refused;
  const { balance: amount, currency } = accounts.get(userId) as Account;
  return { done: { balance: { amount, currency } } };
});
