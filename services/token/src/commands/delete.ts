import { deleteToken as contract } from '@holdfast/shared/contracts/token';
import { action } from '@holdfast/shared/participant/decide';
import { deleted } from '../events.ts';
import type { State } from '../state.ts';

/** Deletes a token that has done its work. If it is active for a concert, its place is the next one's. */
export const deleteToken = action(contract, (state: State, { tokenHash }) => {
  const token = state.tokens.get(tokenHash);
  if (!token) return { done: {} };
  state.tokens.delete(tokenHash);
  return { done: {}, events: [deleted(token, 'used')] };
});
