import { type EventMessage, occurred } from '@holdfast/shared/contracts/protocol';
import { tokenActivated, tokenDeleted } from '@holdfast/shared/contracts/token';
import type { ActiveToken, Token } from './state.ts';

/** Says that a user is admitted. */
export const activated = (token: ActiveToken): EventMessage =>
  occurred(tokenActivated, { ...about(token), expiresAt: token.expiresAt.toISOString() });

/** Says that a token is gone, and why. */
export const deleted = (token: Token, reason: 'used' | 'left' | 'expired'): EventMessage =>
  occurred(tokenDeleted, { ...about(token), reason });

const about = ({ tokenId, userId, concertId, reservationId }: Token) => ({
  tokenId,
  userId,
  ...(concertId !== null && { concertId }),
  ...(reservationId !== null && { reservationId }),
});
