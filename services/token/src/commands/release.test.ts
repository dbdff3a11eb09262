import { claim, release } from '@holdfast/shared/contracts/token';
import { hasRun, laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { stateOf } from '../state.ts';
import { active, apply, now, tokenHash, userId } from '../testing/batch.ts';

const theClaim = todo(claim, { tokenHash, userId });
const theRelease = undo(release, { tokenHash });

describe('release', () => {
  test('lets the token be used again', () => {
    const state = stateOf(now, [{ ...active, claimedBy: saga.sagaId }]);
    const [decision] = apply(state, [theRelease], hasRun(theClaim));
    expect(decision?.reply).toMatchObject({ outcome: 'done', effect: 'undone' });
    expect(state.tokens.get(tokenHash)).toEqual(active);
  });

  test("leaves another saga's claim", () => {
    const state = stateOf(now, [{ ...active, claimedBy: laterSaga.sagaId }]);
    apply(state, [theRelease], hasRun(theClaim));
    expect(state.tokens.get(tokenHash)?.claimedBy).toBe(laterSaga.sagaId);
  });

  test('is content with a token that is gone', () => {
    const [decision] = apply(stateOf(now, []), [theRelease], hasRun(theClaim));
    expect(decision?.reply).toMatchObject({ outcome: 'done', effect: 'undone' });
  });

  test('in one batch with its claim, leaves the token for the next saga', () => {
    const state = stateOf(now, [active]);
    const next = todo(claim, { tokenHash, userId }, laterSaga);
    const replies = apply(state, [theClaim, theRelease, next]).map(({ reply }) => reply.outcome);
    expect(replies).toEqual(['done', 'done', 'done']);
    expect(state.tokens.get(tokenHash)?.claimedBy).toBe(laterSaga.sagaId);
  });

  test('before its claim, keeps that from ever running', () => {
    const state = stateOf(now, [active]);
    const decisions = apply(state, [theRelease, theClaim]);
    expect(decisions.map(({ reply }) => reply)).toEqual([{ outcome: 'done', result: {}, effect: 'none' }]);
    expect(state.tokens.get(tokenHash)).toBe(active);
  });
});
