import { claim as contract } from '@holdfast/shared/contracts/token';
import { action } from '@holdfast/shared/participant/decide';
import type { State, Token } from '../state.ts';

type Claim = { userId: string; reservationId?: string | undefined };

/** Claims a user's own active token for this saga: until that ends, no other can use it. */
export const claim = action(contract, (state: State, payload, { sagaId }) => {
  const token = state.tokens.get(payload.tokenHash);
  if (!token) return { refused: 'token-not-active', detail: 'There is no such token.' };
  const detail = objection(token, payload, state.now);
  if (detail) return { refused: 'token-not-active', detail };

  state.tokens.set(token.tokenHash, { ...token, claimedBy: sagaId });
  return { done: token.concertId === null ? {} : { concertId: token.concertId } };
});

/** Why the token doesn't admit to what is asked. Another user's looks as if it didn't exist. */
function objection(token: Token, { userId, reservationId }: Claim, now: Date): string | undefined {
  if (token.userId !== userId) return 'There is no such token.';
  if (token.status === 'WAITING') return 'The token is still waiting.';
  if (token.claimedBy !== null) return 'Another request is using the token.';
  if (token.expiresAt !== null && token.expiresAt <= now) return 'The token has expired.';
  if (reservationId === undefined && token.concertId === null)
    return 'The token is for paying, not for a concert.';
  if (reservationId !== undefined && token.reservationId !== reservationId)
    return 'The token is not for this reservation.';
  return undefined;
}
