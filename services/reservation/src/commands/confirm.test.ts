import { confirm } from '@holdfast/shared/contracts/reservation';
import { laterSaga, saga, todo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { type Reservation, stateOf } from '../state.ts';
import { apply, concertSeatId, held, heldSeat, now, price, reservationId, userId } from '../testing/batch.ts';

const marked: Reservation = { ...held, payingSaga: saga.sagaId };

const confirmed = (reservation: Reservation, fence = saga.sagaNo) => {
  const state = stateOf(now, [{ ...heldSeat, fence }], [reservation]);
  const [decision] = apply(state, [todo(confirm, { reservationId })]);
  return {
    ...decision,
    seat: state.seats.get(concertSeatId)?.status,
    reservation: state.reservations.get(reservationId)?.status,
  };
};

describe('confirm', () => {
  test('sells the seat, and says so', () => {
    const { reply, events, seat, reservation } = confirmed(marked);
    expect(reply).toEqual({ outcome: 'done', result: {} });
    expect(events).toEqual([
      {
        type: 'reservation.paid',
        key: reservationId,
        data: { reservationId, concertSeatId, userId, price },
      },
    ]);
    expect({ seat, reservation }).toEqual({ seat: 'SOLD', reservation: 'PAID' });
  });

  test('sells it however late: the mark has kept the hold', () => {
    expect(confirmed({ ...marked, holdExpiresAt: new Date(0) })).toMatchObject({ reservation: 'PAID' });
  });

  test.each<[string, Reservation]>([
    ['is not marked', held],
    ['is marked by another saga', { ...held, payingSaga: laterSaga.sagaId }],
    ['is cancelled', { ...marked, status: 'CANCELLED' }],
    ['is paid already', { ...marked, status: 'PAID' }],
  ])('refuses a hold that %s', (_, reservation) => {
    expect(confirmed(reservation)).toMatchObject({
      reply: { outcome: 'refused', code: 'not-in-payment' },
      reservation: reservation.status,
      seat: 'HELD',
    });
  });

  test('refuses a reservation that is not there', () => {
    const [decision] = apply(stateOf(now, [], []), [todo(confirm, { reservationId })]);
    expect(decision?.reply).toMatchObject({ code: 'reservation-not-found' });
  });

  test('refuses a saga that is older than the last one on this seat', () => {
    expect(confirmed(marked, saga.sagaNo + 1)).toMatchObject({ reply: { code: 'outdated' }, seat: 'HELD' });
  });
});
