import { loadSeat } from '@holdfast/shared/contracts/reservation';
import { todo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import type { Reservation, Seat } from '../state.ts';
import { stateOf } from '../state.ts';
import {
  apply,
  concertId,
  concertSeatId,
  freeSeat,
  held,
  heldSeat,
  now,
  price,
  reservationId,
} from '../testing/batch.ts';

const look = (seats: Seat[], reservations: Reservation[] = [], payload: object = {}) =>
  apply(stateOf(now, seats, reservations), [
    todo(loadSeat, { reservationId: 'unused', concertSeatIds: [concertSeatId], concertId, ...payload }),
  ])[0]?.reply;

describe('load-seat', () => {
  test('tells the price of a free seat', () => {
    expect(look([freeSeat])).toEqual({ outcome: 'done', result: { price } });
  });

  test('refuses a seat that is not there', () => {
    expect(look([])).toMatchObject({ outcome: 'refused', code: 'seat-not-found' });
  });

  test('refuses a seat of another concert than the token is for', () => {
    expect(look([freeSeat], [], { concertId: reservationId })).toMatchObject({
      code: 'token-for-another-concert',
    });
  });

  test('refuses a seat that is held or sold', () => {
    expect(look([heldSeat], [held])).toMatchObject({ code: 'seat-taken' });
    expect(look([{ ...heldSeat, status: 'SOLD' }], [{ ...held, status: 'PAID' }])).toMatchObject({
      code: 'seat-taken',
    });
  });

  test('counts a seat as free when its hold has run out', () => {
    expect(look([heldSeat], [{ ...held, holdExpiresAt: now }])).toMatchObject({ outcome: 'done' });
  });

  test('counts a seat as taken while its hold is being paid, however long that takes', () => {
    expect(look([heldSeat], [{ ...held, holdExpiresAt: now, payingSaga: reservationId }])).toMatchObject({
      code: 'seat-taken',
    });
  });
});
