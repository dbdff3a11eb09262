import { applying } from '@holdfast/shared/testing/commands';
import { tokenParticipant } from '../participant.ts';
import type { Token } from '../state.ts';

/** Rows for tests: one token, one user, unless told otherwise. */

export const now = new Date('2026-11-24T12:00:00.000Z');
const later = new Date(now.getTime() + 60_000);

export const concertId = '10000000-0000-4000-8000-000000000000';
export const reservationId = '40000000-0000-4000-8000-000000000000';
export const userId = '30000000-0000-4000-8000-000000000000';
export const tokenHash = 'a'.repeat(64);

export const active: Token = {
  tokenId: '60000000-0000-4000-8000-000000000000',
  tokenHash,
  userId,
  concertId,
  reservationId: null,
  status: 'ACTIVE',
  claimedBy: null,
  expiresAt: later,
};

export const activeToPay: Token = { ...active, concertId: null, reservationId };

/** Applies a batch to a state, as production does. */
export const apply = applying(tokenParticipant.handlers);
