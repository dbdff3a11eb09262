import { randomUUID } from 'node:crypto';
import { cancelHold, confirm, hold, loadReservation } from '@holdfast/shared/contracts/reservation';
import type { Problem } from '@holdfast/shared/http/problems';
import { hasRun, laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { cancel } from './cancel.ts';
import { type Reservation, stateOf } from './state.ts';
import {
  anotherSeat,
  anotherSeatId,
  apply,
  concertSeatId,
  held,
  heldSeat,
  now,
  paid,
  reservationId,
  userId,
} from './testing/batch.ts';

const concertSeatIds = [concertSeatId, anotherSeatId];
const theHold: Reservation = { ...held, concertSeatIds };
const mine = { reservationId, userId };

const stateWith = (reservation: Reservation) =>
  stateOf(now, [heldSeat, { ...anotherSeat, status: 'HELD', reservationId }], [reservation]);

const cancelled = (reservation: Reservation) => {
  const state = stateWith(reservation);
  return { events: cancel(state, mine), status: state.reservations.get(reservationId)?.status, state };
};

const refusal = (reservation: Reservation, asked = mine): string => {
  try {
    cancel(stateWith(reservation), asked);
  } catch (error) {
    return (error as Problem).code;
  }
  throw new Error('it was not refused');
};

describe('a hold that its user cancels', () => {
  test('is over at once, all its seats are free, and that is told', () => {
    const { events, status, state } = cancelled(theHold);
    expect(status).toBe('CANCELLED');
    for (const id of concertSeatIds)
      expect(state.seats.get(id)).toMatchObject({ status: 'AVAILABLE', reservationId: null });
    expect(events).toMatchObject([
      { type: 'reservation.released', data: { concertSeatIds, reason: 'cancelled' } },
    ]);
  });

  test('ends as expired where it had run out: so it was shown already', () => {
    expect(cancelled({ ...theHold, holdExpiresAt: now })).toMatchObject({
      status: 'EXPIRED',
      events: [{ data: { reason: 'expired' } }],
    });
  });

  test.each(['CANCELLED', 'EXPIRED', 'REFUNDED'] as const)('is left as it is where it is %s', (status) => {
    expect(cancelled({ ...theHold, status })).toMatchObject({ status, events: [] });
  });

  test('is refused while it is paid, once it is paid, and to anybody else', () => {
    expect(refusal({ ...theHold, payingSaga: saga.sagaId })).toBe('seat-locked');
    expect(refusal({ ...theHold, payingSaga: saga.sagaId, holdExpiresAt: now })).toBe('seat-locked');
    expect(refusal(paid)).toBe('already-paid');
    expect(refusal(theHold, { ...mine, userId: randomUUID() })).toBe('reservation-not-found');
    expect(refusal(theHold, { ...mine, reservationId: randomUUID() })).toBe('reservation-not-found');
  });

  test('before the saga that made it undoes it, leaves that nothing to do', () => {
    const { state } = cancelled(theHold);
    const made = todo(hold, { reservationId, concertSeatIds, userId });
    const [undone] = apply(state, [undo(cancelHold, { reservationId })], hasRun(made));
    expect(undone).toMatchObject({ reply: { effect: 'undone' }, events: [] });
  });

  test('can neither be marked nor paid from then on', () => {
    const { state } = cancelled(theHold);
    const mark = todo(loadReservation, { reservationId, concertSeatIds, userId }, laterSaga);
    expect(apply(state, [mark])[0]?.reply).toMatchObject({ code: 'hold-expired' });
    expect(apply(state, [todo(confirm, { reservationId }, laterSaga)])[0]?.reply).toMatchObject({
      code: 'not-in-payment',
    });
  });

  test('gives its seats to the next one, and takes nothing from it when asked for again', () => {
    const { state } = cancelled(theHold);
    const next = todo(hold, { reservationId: randomUUID(), concertSeatIds, userId: randomUUID() }, laterSaga);
    expect(apply(state, [next])[0]?.reply).toMatchObject({ outcome: 'done' });
    expect(cancel(state, mine)).toEqual([]);
    for (const id of concertSeatIds) expect(state.seats.get(id)?.status).toBe('HELD');
  });
});
