import { deleteToken } from '@holdfast/shared/contracts/token';
import { saga, todo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { stateOf } from '../state.ts';
import { active, activeToPay, apply, now, reservationId, tokenHash, userId } from '../testing/batch.ts';

const theDelete = todo(deleteToken, { tokenHash });

describe('delete', () => {
  test('deletes the token, and says that it was used', () => {
    const state = stateOf(now, [{ ...activeToPay, claimedBy: saga.sagaId }]);
    const [decision] = apply(state, [theDelete]);
    expect(decision?.reply).toEqual({ outcome: 'done', result: {} });
    const { tokenId } = activeToPay;
    expect(decision?.events).toEqual([
      { type: 'token.deleted', key: tokenId, data: { tokenId, userId, reservationId, reason: 'used' } },
    ]);
    expect(state.tokens.size).toBe(0);
  });

  test('deletes it even when its time is over', () => {
    const state = stateOf(now, [{ ...active, claimedBy: saga.sagaId, expiresAt: new Date(0) }]);
    apply(state, [theDelete]);
    expect(state.tokens.size).toBe(0);
  });

  test('is content with a token that is gone', () => {
    const [decision] = apply(stateOf(now, []), [theDelete]);
    expect(decision).toMatchObject({ reply: { outcome: 'done' }, events: [] });
  });
});
