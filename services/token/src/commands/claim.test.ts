import { claim } from '@holdfast/shared/contracts/token';
import { laterSaga, saga, todo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { stateOf, type Token } from '../state.ts';
import {
  active,
  activeToPay,
  apply,
  concertId,
  now,
  reservationId,
  tokenHash,
  userId,
} from '../testing/batch.ts';

const someoneElse = '30000000-0000-4000-8000-000000000001';

function claimed(token: Token, asked: object = {}) {
  const state = stateOf(now, [token]);
  const [decision] = apply(state, [todo(claim, { tokenHash, userId, ...asked })]);
  return { reply: decision?.reply, claimedBy: state.tokens.get(tokenHash)?.claimedBy };
}

describe('claim', () => {
  test('claims a token for a concert, and tells which', () => {
    expect(claimed(active)).toEqual({
      reply: { outcome: 'done', result: { concertId } },
      claimedBy: saga.sagaId,
    });
  });

  test('claims a token for paying a reservation', () => {
    expect(claimed(activeToPay, { reservationId })).toEqual({
      reply: { outcome: 'done', result: {} },
      claimedBy: saga.sagaId,
    });
  });

  test.each<[string, Token, object, string]>([
    ['unknown', active, { tokenHash: 'b'.repeat(64) }, 'There is no such token.'],
    ["another user's", active, { userId: someoneElse }, 'There is no such token.'],
    ['waiting', { ...active, status: 'WAITING' }, {}, 'The token is still waiting.'],
    ['expired', { ...active, expiresAt: now }, {}, 'The token has expired.'],
    ['in use', { ...active, claimedBy: laterSaga.sagaId }, {}, 'Another request is using the token.'],
    ['for a concert, to pay', active, { reservationId }, 'The token is not for this reservation.'],
    ['for paying, to hold', activeToPay, {}, 'The token is for paying, not for a concert.'],
    [
      'for another reservation',
      activeToPay,
      { reservationId: someoneElse },
      'The token is not for this reservation.',
    ],
  ])('refuses a token that is %s', (_, token, asked, detail) => {
    expect(claimed(token, asked)).toEqual({
      reply: { outcome: 'refused', code: 'token-not-active', detail },
      claimedBy: token.claimedBy,
    });
  });

  test('lets only the first saga of a batch have it', () => {
    const state = stateOf(now, [active]);
    const both = [todo(claim, { tokenHash, userId }), todo(claim, { tokenHash, userId }, laterSaga)];
    expect(apply(state, both).map(({ reply }) => reply.outcome)).toEqual(['done', 'refused']);
    expect(state.tokens.get(tokenHash)?.claimedBy).toBe(saga.sagaId);
  });

  test('asked for twice by one saga, answers the same', () => {
    const state = stateOf(now, [active]);
    const twice = [todo(claim, { tokenHash, userId }), todo(claim, { tokenHash, userId })];
    const [first, second] = apply(state, twice);
    expect(second?.reply).toEqual(first?.reply);
  });
});
