import { loadReservation, unmark } from '@holdfast/shared/contracts/reservation';
import { hasRun, laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { type Reservation, stateOf } from '../state.ts';
import { apply, concertSeatId, held, heldSeat, now, reservationId, userId } from '../testing/batch.ts';

const mark = todo(loadReservation, { reservationId, concertSeatIds: [concertSeatId], userId });

function unmarked(reservation: Reservation) {
  const state = stateOf(now, [heldSeat], [reservation]);
  const [decision] = apply(state, [undo(unmark, { reservationId })], hasRun(mark));
  expect(decision?.reply).toMatchObject({ outcome: 'done', effect: 'undone' });
  return state.reservations.get(reservationId);
}

describe('unmark', () => {
  test("takes this saga's mark away", () => {
    expect(unmarked({ ...held, payingSaga: saga.sagaId })).toEqual(held);
  });

  test("leaves another saga's mark", () => {
    expect(unmarked({ ...held, payingSaga: laterSaga.sagaId })?.payingSaga).toBe(laterSaga.sagaId);
  });

  test('leaves a reservation that is paid, and who paid it', () => {
    const paid: Reservation = { ...held, status: 'PAID', payingSaga: saga.sagaId };
    expect(unmarked(paid)).toEqual(paid);
  });

  test('in one batch with its mark, leaves the hold as it was', () => {
    const state = stateOf(now, [heldSeat], [held]);
    apply(state, [mark, undo(unmark, { reservationId })]);
    expect(state.reservations.get(reservationId)).toEqual(held);
  });
});
