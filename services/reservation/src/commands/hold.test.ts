import { cancelHold, hold } from '@holdfast/shared/contracts/reservation';
import { laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { type Seat, stateOf } from '../state.ts';
import {
  anotherSeat,
  anotherSeatId,
  apply,
  concertId,
  concertSeatId,
  freeSeat,
  held,
  heldSeat,
  holdTtlMs,
  maxSeatsPerUser,
  now,
  price,
  reservationId,
  userId,
} from '../testing/batch.ts';

const payload = { reservationId, concertSeatIds: [concertSeatId], userId };
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

  describe('several seats', () => {
    const both = { ...payload, concertSeatIds: [concertSeatId, anotherSeatId] };

    test('are one reservation, at the price of all', () => {
      const state = stateOf(now, [freeSeat, anotherSeat], []);
      const [decision] = apply(state, [todo(hold, both)]);
      const total = { ...price, amount: 2 * price.amount };
      expect(decision?.reply).toMatchObject({ outcome: 'done', result: { price: total } });
      expect(decision?.events).toMatchObject([{ type: 'reservation.held', data: { ...both, price: total } }]);
      expect(state.reservations.get(reservationId)).toMatchObject({ ...both, price: total });
      for (const id of both.concertSeatIds)
        expect(state.seats.get(id)).toMatchObject({ status: 'HELD', reservationId, fence: saga.sagaNo });
    });

    test.each<[string, Partial<Seat> | undefined, string]>([
      ['is not there', undefined, 'seat-not-found'],
      ['is taken', { status: 'HELD', reservationId: anotherReservationId }, 'seat-taken'],
      ['was worked on by a later saga', { fence: saga.sagaNo + 1 }, 'outdated'],
      ['is of another performance', { performanceId: anotherReservationId }, 'seats-not-together'],
      ['is in another currency', { price: { amount: 1, currency: 'USD' } }, 'currency-mismatch'],
    ])('are refused, all of them, where one %s', (_, change, code) => {
      const seats = change ? [freeSeat, { ...anotherSeat, ...change }] : [freeSeat];
      const state = stateOf(now, seats, [{ ...held, reservationId: anotherReservationId }]);
      expect(apply(state, [todo(hold, both)])[0]?.reply).toMatchObject({ outcome: 'refused', code });
      expect(state.seats.get(concertSeatId)).toBe(freeSeat);
      expect(state.reservations.has(reservationId)).toBe(false);
    });

    test('of a hold that has run out are all free again, those that nobody wants as well', () => {
      const stale = { ...held, concertSeatIds: both.concertSeatIds, holdExpiresAt: now };
      const alsoHeld: Seat = { ...anotherSeat, status: 'HELD', reservationId };
      const state = stateOf(now, [heldSeat, alsoHeld], [stale]);
      const [decision] = apply(state, [todo(hold, { ...payload, reservationId: anotherReservationId })]);
      expect(decision?.reply).toMatchObject({ outcome: 'done' });
      expect(state.seats.get(concertSeatId)?.reservationId).toBe(anotherReservationId);
      expect(state.seats.get(anotherSeatId)).toMatchObject({ status: 'AVAILABLE', reservationId: null });
    });

    test('stay with a hold that has run out where not all of them are locked', () => {
      const stale = { ...held, concertSeatIds: both.concertSeatIds, holdExpiresAt: now };
      const state = stateOf(now, [heldSeat], [stale]);
      const [decision] = apply(state, [todo(hold, { ...payload, reservationId: anotherReservationId })]);
      expect(decision?.reply).toMatchObject({ code: 'seat-taken' });
    });
  });

  describe('more seats than a user may have of a concert', () => {
    const both = { ...payload, concertSeatIds: [concertSeatId, anotherSeatId] };
    const stateWith = (seats: number) =>
      stateOf(now, [freeSeat, anotherSeat], [], [{ userId, concertId, seats }]);

    test('are refused, and as many as they may are not', () => {
      const full = stateWith(maxSeatsPerUser - 1);
      expect(apply(full, [todo(hold, both)])[0]?.reply).toMatchObject({
        code: 'seat-limit-exceeded',
        detail: 'You have 7 of at most 8 seats of this concert.',
      });
      expect(full.seats.get(concertSeatId)).toBe(freeSeat);
      expect(apply(stateWith(maxSeatsPerUser - 2), [todo(hold, both)])[0]?.reply).toMatchObject({
        outcome: 'done',
      });
    });

    test('are counted through a batch: what is held counts, what is cancelled does not', () => {
      const state = stateWith(maxSeatsPerUser - 1);
      const one = todo(hold, payload);
      const other = { ...payload, concertSeatIds: [anotherSeatId], reservationId: anotherReservationId };
      const codes = apply(state, [one, todo(hold, other, laterSaga)]).map(({ reply }) => reply);
      expect(codes).toMatchObject([{ outcome: 'done' }, { code: 'seat-limit-exceeded' }]);

      const again = stateWith(maxSeatsPerUser - 1);
      const cancel = undo(cancelHold, { reservationId });
      expect(apply(again, [one, cancel, todo(hold, other, laterSaga)]).at(-1)?.reply).toMatchObject({
        outcome: 'done',
      });
    });

    test('are not what a user takes over from a hold of their own that has run out', () => {
      const stale = { ...held, holdExpiresAt: now };
      const state = stateOf(now, [heldSeat], [stale], [{ userId, concertId, seats: maxSeatsPerUser }]);
      const anew = todo(hold, { ...payload, reservationId: anotherReservationId });
      expect(apply(state, [anew])[0]?.reply).toMatchObject({ outcome: 'done' });
      expect(state.seatCounts.get(`${userId} ${concertId}`)).toBe(maxSeatsPerUser);
    });

    test("are not those that others have, or of another concert's seats", () => {
      const counts = [
        { userId: anotherReservationId, concertId, seats: 99 },
        { userId, concertId: anotherReservationId, seats: 99 },
      ];
      const state = stateOf(now, [freeSeat], [], counts);
      expect(apply(state, [todo(hold, payload)])[0]?.reply).toMatchObject({ outcome: 'done' });
    });
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
