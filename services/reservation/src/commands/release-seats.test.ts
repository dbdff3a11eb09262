import { releaseSeats } from '@holdfast/shared/contracts/reservation';
import { laterSaga, todo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { type Reservation, type Seat, stateOf } from '../state.ts';
import {
  anotherSeatId,
  apply,
  concertSeatId,
  now,
  paid,
  reservationId,
  soldSeat,
  userId,
} from '../testing/batch.ts';

const fenced: Seat = { ...soldSeat, fence: laterSaga.sagaNo };
const also: Seat = { ...fenced, concertSeatId: anotherSeatId };
const concertSeatIds = [concertSeatId, anotherSeatId];
const marked: Reservation = { ...paid, concertSeatIds, refundingSaga: laterSaga.sagaId };

const released = (reservation: Reservation, seats: Seat[] = [fenced, also]) => {
  const state = stateOf(now, seats, [reservation]);
  const [decision] = apply(state, [todo(releaseSeats, { reservationId }, laterSaga)]);
  expect(decision?.reply).toEqual({ outcome: 'done', result: {} });
  return { state, events: decision?.events };
};

describe('release-seats', () => {
  test('frees all seats of the reservation that this saga has refunded, and says so', () => {
    const { state, events } = released(marked);
    expect(state.reservations.get(reservationId)?.status).toBe('REFUNDED');
    for (const id of concertSeatIds)
      expect(state.seats.get(id)).toMatchObject({ status: 'AVAILABLE', reservationId: null });
    expect(events).toEqual([
      {
        type: 'reservation.released',
        key: reservationId,
        data: { reservationId, concertSeatIds, userId, reason: 'refunded' },
      },
    ]);
  });

  test.each<[string, Reservation, Seat[]]>([
    [
      'is released, and its seats are held by somebody else',
      { ...marked, status: 'REFUNDED' },
      [fenced, also],
    ],
    ['another saga has marked', { ...marked, refundingSaga: userId }, [fenced, also]],
    ['nobody has marked', { ...marked, refundingSaga: null }, [fenced, also]],
    ['a later saga works on', marked, [fenced, { ...also, fence: laterSaga.sagaNo + 1 }]],
  ])('leaves a reservation alone that %s', (_, reservation, seats) => {
    const { state, events } = released(reservation, seats);
    expect(events).toEqual([]);
    expect(state.reservations.get(reservationId)).toBe(reservation);
    expect([...state.seats.values()]).toEqual(seats);
  });
});
