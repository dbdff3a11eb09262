import Type from 'typebox';
import { command, event } from './define.ts';
import { Timestamp, TokenHash, Uuid } from './values.ts';

/** Verifies an active token and claims it for this saga: a second saga with the same token is refused. */
export const claim = command('token', 'claim', {
  key: 'tokenHash',
  payload: Type.Object({
    tokenHash: TokenHash,
    userId: Uuid,
    /** Set to pay: the token must have been issued for this reservation. Otherwise it must be for a concert. */
    reservationId: Type.Optional(Uuid),
  }),
  /** The concert that a reserving token admits to. */
  result: Type.Object({ concertId: Type.Optional(Uuid) }),
  refusals: ['token-not-active'],
});

/** Undoes {@link claim}. */
export const release = command('token', 'release', {
  key: 'tokenHash',
  payload: Type.Object({ tokenHash: TokenHash }),
});

/** After a saga's success: the token has done its work. */
export const deleteToken = command('token', 'delete', {
  key: 'tokenHash',
  payload: Type.Object({ tokenHash: TokenHash }),
});

const Token = {
  tokenId: Uuid,
  userId: Uuid,
  concertId: Type.Optional(Uuid),
  reservationId: Type.Optional(Uuid),
};

export const tokenActivated = event('token', 'activated', {
  key: 'tokenId',
  data: Type.Object({ ...Token, expiresAt: Timestamp }),
  description: 'A waiting user is admitted until expiresAt.',
});

export const tokenDeleted = event('token', 'deleted', {
  key: 'tokenId',
  data: Type.Object({ ...Token, reason: Type.Enum(['used', 'left', 'expired']) }),
  description: 'A token is gone: it was used, given back or ran out.',
});
