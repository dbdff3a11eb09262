import { loadReservation } from '@holdfast/shared/contracts/reservation';
import { laterSaga, saga, todo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { type Reservation, stateOf } from '../state.ts';
import { apply, concertSeatId, held, heldSeat, now, price, reservationId, userId } from '../testing/batch.ts';

const payload = { reservationId, concertSeatIds: [concertSeatId], userId };
const someoneElse = '30000000-0000-4000-8000-000000000001';

const load = (reservation: Reservation, asked: object = {}, fence = 1) => {
  const state = stateOf(now, [{ ...heldSeat, fence }], [reservation]);
  const [decision] = apply(state, [todo(loadReservation, { ...payload, ...asked })]);
  return { reply: decision?.reply, state };
};

describe('load', () => {
  test('tells the price and marks the hold as being paid by this saga', () => {
    const { reply, state } = load(held);
    expect(reply).toEqual({ outcome: 'done', result: { price } });
    expect(state.reservations.get(reservationId)?.payingSaga).toBe(saga.sagaId);
    expect(state.seats.get(concertSeatId)?.fence).toBe(saga.sagaNo);
  });

  test.each([
    ['another user', { userId: someoneElse }],
    ['another seat', { concertSeatIds: [someoneElse] }],
    ['no reservation at all', { reservationId: someoneElse }],
  ])('finds no reservation for %s', (_, asked) => {
    expect(load(held, asked).reply).toMatchObject({ outcome: 'refused', code: 'reservation-not-found' });
  });

  test.each<[string, Partial<Reservation>, string]>([
    ['paid', { status: 'PAID', payingSaga: laterSaga.sagaId }, 'already-paid'],
    ['refunded', { status: 'REFUNDED', payingSaga: laterSaga.sagaId }, 'already-refunded'],
    ['expired', { status: 'EXPIRED' }, 'hold-expired'],
    ['cancelled', { status: 'CANCELLED' }, 'hold-expired'],
    ['run out, though the expiry job is late', { holdExpiresAt: now }, 'hold-expired'],
    ['being paid by another saga', { payingSaga: laterSaga.sagaId }, 'in-payment'],
    ['run out while another saga pays', { payingSaga: laterSaga.sagaId, holdExpiresAt: now }, 'in-payment'],
  ])('refuses a hold that is %s', (_, change, code) => {
    const { reply, state } = load({ ...held, ...change });
    expect(reply).toMatchObject({ outcome: 'refused', code });
    expect(state.reservations.get(reservationId)).toBe(state.loaded.reservations.get(reservationId));
  });

  test('refuses a saga that is older than the last one on this seat', () => {
    expect(load(held, {}, saga.sagaNo + 1).reply).toMatchObject({ code: 'outdated' });
  });
});
