import { cancelHold, hold } from '@holdfast/shared/contracts/reservation';
import { hasRun, laterSaga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { type Reservation, type Seat, stateOf } from '../state.ts';
import {
  anotherSeat,
  anotherSeatId,
  apply,
  concertSeatId,
  freeSeat,
  held,
  heldSeat,
  now,
  reservationId,
  userId,
} from '../testing/batch.ts';

const theHold = todo(hold, { reservationId, concertSeatIds: [concertSeatId], userId });
const anotherReservationId = '40000000-0000-4000-8000-000000000001';

function cancel(seat: Seat, reservation: Reservation) {
  const state = stateOf(now, [seat], [reservation]);
  const [decision] = apply(state, [undo(cancelHold, { reservationId })], hasRun(theHold));
  return { ...decision, seat: state.seats.get(concertSeatId), after: state.reservations.get(reservationId) };
}

describe('cancel-hold', () => {
  test('frees the seat, and says so', () => {
    const { reply, events, seat, after } = cancel(heldSeat, held);
    expect(reply).toMatchObject({ outcome: 'done', effect: 'undone' });
    expect(events).toEqual([
      {
        type: 'reservation.released',
        key: reservationId,
        data: { reservationId, concertSeatIds: [concertSeatId], userId, reason: 'cancelled' },
      },
    ]);
    expect(after?.status).toBe('CANCELLED');
    expect(seat).toMatchObject({ status: 'AVAILABLE', reservationId: null });
  });

  test('frees all seats of the hold', () => {
    const concertSeatIds = [concertSeatId, anotherSeatId];
    const alsoHeld: Seat = { ...anotherSeat, status: 'HELD', reservationId };
    const state = stateOf(now, [heldSeat, alsoHeld], [{ ...held, concertSeatIds }]);
    const [decision] = apply(state, [undo(cancelHold, { reservationId })], hasRun(theHold));
    expect(decision?.events).toMatchObject([{ data: { concertSeatIds, reason: 'cancelled' } }]);
    for (const id of concertSeatIds) expect(state.seats.get(id)?.status).toBe('AVAILABLE');
  });

  test('leaves a seat alone that has gone to somebody else since', () => {
    const { reply, events, seat } = cancel(
      { ...heldSeat, reservationId: anotherReservationId },
      { ...held, status: 'EXPIRED' },
    );
    expect(reply).toMatchObject({ effect: 'undone' });
    expect(events).toEqual([]);
    expect(seat?.reservationId).toBe(anotherReservationId);
  });

  test('lets a hold stand that a later saga is paying or has paid', () => {
    const inPayment = { ...held, payingSaga: laterSaga.sagaId };
    expect(cancel(heldSeat, inPayment)).toMatchObject({ reply: { effect: 'stands' }, after: inPayment });
    const paid: Reservation = { ...inPayment, status: 'PAID' };
    expect(cancel({ ...heldSeat, status: 'SOLD' }, paid)).toMatchObject({
      reply: { effect: 'stands' },
      after: paid,
    });
  });

  test('in one batch with its hold, leaves a free seat and a cancelled reservation', () => {
    const state = stateOf(now, [freeSeat], []);
    const decisions = apply(state, [theHold, undo(cancelHold, { reservationId })]);
    expect(decisions.map(({ events }) => events.map(({ type }) => type))).toEqual([
      ['reservation.held'],
      ['reservation.released'],
    ]);
    expect(state.reservations.get(reservationId)?.status).toBe('CANCELLED');
    expect(state.seats.get(concertSeatId)?.status).toBe('AVAILABLE');
  });

  test('does nothing where the hold was refused', () => {
    const state = stateOf(now, [{ ...heldSeat, reservationId: anotherReservationId }], []);
    const decisions = apply(state, [theHold, undo(cancelHold, { reservationId })]);
    expect(decisions.map(({ reply }) => reply)).toMatchObject([{ code: 'seat-taken' }, { effect: 'none' }]);
  });
});
