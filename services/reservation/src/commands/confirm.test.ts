import { confirm } from '@holdfast/shared/contracts/reservation';
import { laterSaga, saga, todo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { type Reservation, type Seat, stateOf } from '../state.ts';
import {
  anotherSeat,
  anotherSeatId,
  apply,
  concertSeatId,
  held,
  heldSeat,
  now,
  price,
  reservationId,
  userId,
} from '../testing/batch.ts';

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
        data: { reservationId, concertSeatIds: [concertSeatId], userId, price },
      },
    ]);
    expect({ seat, reservation }).toEqual({ seat: 'SOLD', reservation: 'PAID' });
  });

  test('sells all seats of the hold, or none where a later saga has worked on one', () => {
    const concertSeatIds = [concertSeatId, anotherSeatId];
    const both = { ...marked, concertSeatIds };
    const alsoHeld: Seat = { ...anotherSeat, status: 'HELD', reservationId };
    const state = stateOf(now, [heldSeat, alsoHeld], [both]);
    expect(apply(state, [todo(confirm, { reservationId })])[0]?.events).toMatchObject([
      { data: { concertSeatIds } },
    ]);
    for (const id of concertSeatIds) expect(state.seats.get(id)?.status).toBe('SOLD');

    const fenced = stateOf(now, [heldSeat, { ...alsoHeld, fence: saga.sagaNo + 1 }], [both]);
    expect(apply(fenced, [todo(confirm, { reservationId })])[0]?.reply).toMatchObject({ code: 'outdated' });
    for (const id of concertSeatIds) expect(fenced.seats.get(id)?.status).toBe('HELD');
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
