import { cancelHold, hold } from '@holdfast/shared/contracts/reservation';
import { laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { stateOf } from '../state.ts';
import {
  apply,
  concertSeatId,
  freeSeat,
  held,
  heldSeat,
  holdTtlMs,
  now,
  price,
  reservationId,
  userId,
} from '../testing/batch.ts';

const payload = { reservationId, concertSeatId, userId };
const anotherReservationId = '40000000-0000-4000-8000-000000000001';
const holdExpiresAt = new Date(now.getTime() + holdTtlMs);

describe('hold', () => {
  test('holds a free seat for the time to live, and says so', () => {
    const state = stateOf(now, [freeSeat], []);
    const [decision] = apply(state, [todo(hold, payload)]);
    const result = { price, holdExpiresAt: holdExpiresAt.toISOString() };
    expect(decision?.reply).toEqual({ outcome: 'done', result });
    expect(decision?.events).toEqual([
      { type: 'reservation.held', key: reservationId, data: { ...payload, ...result } },
    ]);
    expect(state.reservations.get(reservationId)).toEqual({ ...held, holdExpiresAt });
    expect(state.seats.get(concertSeatId)).toEqual({
      ...freeSeat,
      status: 'HELD',
      reservationId,
      fence: saga.sagaNo,
    });
  });

  test('refuses a seat that is not there', () => {
    expect(apply(stateOf(now, [], []), [todo(hold, payload)])[0]?.reply).toMatchObject({
      code: 'seat-not-found',
    });
  });

  test('refuses a saga that is older than the last one on this seat', () => {
    const state = stateOf(now, [{ ...freeSeat, fence: saga.sagaNo + 1 }], []);
    expect(apply(state, [todo(hold, payload)])[0]?.reply).toMatchObject({ code: 'outdated' });
    expect(state.seats.get(concertSeatId)).toBe(state.loaded.seats.get(concertSeatId));
  });

  test('gives the seat to the first of a batch only', () => {
    const state = stateOf(now, [freeSeat], []);
    const rival = { ...payload, reservationId: anotherReservationId };
    const replies = apply(state, [todo(hold, payload), todo(hold, rival, laterSaga)]);
    expect(replies.map(({ reply }) => reply)).toMatchObject([{ outcome: 'done' }, { code: 'seat-taken' }]);
    expect([...state.reservations.keys()]).toEqual([reservationId]);
  });

  test('takes over a seat whose hold has run out, and expires that', () => {
    const state = stateOf(now, [heldSeat], [{ ...held, holdExpiresAt: now }]);
    const [decision] = apply(state, [todo(hold, { ...payload, reservationId: anotherReservationId })]);
    expect(decision?.reply).toMatchObject({ outcome: 'done' });
    expect(decision?.events).toMatchObject([
      { type: 'reservation.released', key: reservationId, data: { reason: 'expired' } },
      { type: 'reservation.held', key: anotherReservationId },
    ]);
    expect(state.reservations.get(reservationId)?.status).toBe('EXPIRED');
    expect(state.seats.get(concertSeatId)?.reservationId).toBe(anotherReservationId);
  });

  test('does not take over a seat whose hold has run out while it is being paid', () => {
    const state = stateOf(now, [heldSeat], [{ ...held, holdExpiresAt: now, payingSaga: saga.sagaId }]);
    const rival = todo(hold, { ...payload, reservationId: anotherReservationId }, laterSaga);
    expect(apply(state, [rival])[0]?.reply).toMatchObject({ code: 'seat-taken' });
  });

  test('asked for twice in a batch, holds once and answers the same', () => {
    const state = stateOf(now, [freeSeat], []);
    const [first, second] = apply(state, [todo(hold, payload), todo(hold, payload)]);
    expect(second?.reply).toEqual(first?.reply);
    expect(second?.events).toEqual(first?.events);
  });

  test('can never run once it has been undone', () => {
    const state = stateOf(now, [freeSeat], []);
    const decisions = apply(state, [undo(cancelHold, { reservationId }), todo(hold, payload)]);
    expect(decisions.map(({ reply }) => reply)).toEqual([{ outcome: 'done', result: {}, effect: 'none' }]);
    expect(state.seats.get(concertSeatId)).toBe(freeSeat);
  });
});
