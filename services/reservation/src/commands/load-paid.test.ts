import { loadPaid, unmarkPaid } from '@holdfast/shared/contracts/reservation';
import { hasRun, laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { type Reservation, stateOf } from '../state.ts';
import {
  anotherSeatId,
  apply,
  concertSeatId,
  held,
  paid,
  reservationId,
  soldSeat,
  userId,
} from '../testing/batch.ts';

const payload = { reservationId, concertSeatIds: [concertSeatId], userId };
const mark = todo(loadPaid, payload, laterSaga);

const load = (reservation: Reservation, asked: object = {}, fence = saga.sagaNo) => {
  const state = stateOf(held.holdExpiresAt, [{ ...soldSeat, fence }], [reservation]);
  const [decision] = apply(state, [todo(loadPaid, { ...payload, ...asked }, laterSaga)]);
  return { reply: decision?.reply, state };
};

describe('load-paid', () => {
  test('marks the reservation as being refunded by this saga, and fences its seats', () => {
    const { reply, state } = load(paid);
    expect(reply).toEqual({ outcome: 'done', result: {} });
    expect(state.reservations.get(reservationId)?.refundingSaga).toBe(laterSaga.sagaId);
    expect(state.seats.get(concertSeatId)).toEqual({ ...soldSeat, fence: laterSaga.sagaNo });
  });

  test.each<[string, object]>([
    ['another user', { userId: anotherSeatId }],
    ['another seat', { concertSeatIds: [anotherSeatId] }],
    ['more seats than it has', { concertSeatIds: [concertSeatId, anotherSeatId] }],
    ['no reservation at all', { reservationId: anotherSeatId }],
  ])('finds no reservation for %s', (_, asked) => {
    expect(load(paid, asked).reply).toMatchObject({ code: 'reservation-not-found' });
  });

  test.each<[string, Reservation, string]>([
    ['only held', held, 'not-paid'],
    ['being paid', { ...held, payingSaga: saga.sagaId }, 'not-paid'],
    ['expired', { ...held, status: 'EXPIRED' }, 'not-paid'],
    ['being refunded by another saga', { ...paid, refundingSaga: saga.sagaId }, 'in-refund'],
    ['refunded', { ...paid, status: 'REFUNDED', refundingSaga: saga.sagaId }, 'already-refunded'],
  ])('refuses a reservation that is %s', (_, reservation, code) => {
    const { reply, state } = load(reservation);
    expect(reply).toMatchObject({ outcome: 'refused', code });
    expect(state.reservations.get(reservationId)).toBe(reservation);
  });

  test('refuses a saga that is older than the last one on the seat', () => {
    expect(load(paid, {}, laterSaga.sagaNo + 1).reply).toMatchObject({ code: 'outdated' });
  });
});

describe('unmark-paid', () => {
  const unmarked = (reservation: Reservation) => {
    const state = stateOf(held.holdExpiresAt, [soldSeat], [reservation]);
    const [decision] = apply(state, [undo(unmarkPaid, { reservationId }, laterSaga)], hasRun(mark));
    expect(decision?.reply).toMatchObject({ effect: 'undone' });
    return state.reservations.get(reservationId);
  };

  test("takes this saga's mark away, and nobody else's", () => {
    expect(unmarked({ ...paid, refundingSaga: laterSaga.sagaId })).toEqual(paid);
    expect(unmarked({ ...paid, refundingSaga: saga.sagaId })?.refundingSaga).toBe(saga.sagaId);
  });
});
