import { confirm, revert } from '@holdfast/shared/contracts/reservation';
import { saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { stateOf } from '../state.ts';
import { apply, held, heldSeat, now, reservationId } from '../testing/batch.ts';

const theConfirm = todo(confirm, { reservationId });
const theRevert = undo(revert, { reservationId });
const marked = { ...held, payingSaga: saga.sagaId };

describe('revert', () => {
  test('finds that a confirm which has run stands', () => {
    const state = stateOf(now, [heldSeat], [marked]);
    const [, decision] = apply(state, [theConfirm, theRevert]);
    expect(decision).toMatchObject({ reply: { outcome: 'done', effect: 'stands' }, events: [] });
    expect(state.reservations.get(reservationId)?.status).toBe('PAID');
  });

  test('keeps a confirm that has not run from ever running', () => {
    const state = stateOf(now, [heldSeat], [marked]);
    const decisions = apply(state, [theRevert, theConfirm]);
    expect(decisions.map(({ reply }) => reply)).toEqual([{ outcome: 'done', result: {}, effect: 'none' }]);
    expect(state.reservations.get(reservationId)).toBe(marked);
  });

  test('has nothing to undo where the confirm was refused', () => {
    const [, decision] = apply(stateOf(now, [heldSeat], [held]), [theConfirm, theRevert]);
    expect(decision?.reply).toMatchObject({ effect: 'none' });
  });
});
