import { loadUser as contract } from '@holdfast/shared/contracts/balance';
import { read } from '@holdfast/shared/participant/decide';
import type { State } from '../state.ts';

/** Whether there is such a user. */
export const loadUser = read(contract, ({ accounts }: State, { userId }) =>
  accounts.has(userId) ? { done: {} } : { refused: 'user-not-found' },
);
