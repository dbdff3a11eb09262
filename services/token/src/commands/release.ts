import { release as contract } from '@holdfast/shared/contracts/token';
import { compensation } from '@holdfast/shared/participant/decide';
import type { State } from '../state.ts';

/** Undoes `claim`: the token can be used again, for as long as it lasts. */
export const release = compensation(contract, (state: State, { tokenHash }, { sagaId }) => {
  const token = state.tokens.get(tokenHash);
  if (token?.claimedBy === sagaId) state.tokens.set(tokenHash, { ...token, claimedBy: null });
  return { effect: 'undone' };
});
