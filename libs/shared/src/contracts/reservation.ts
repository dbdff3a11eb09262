import Type from 'typebox';
import { command, event } from './define.ts';
import { Money, SeatIds, Timestamp, Uuid } from './values.ts';

export const loadSeat = command('reservation', 'load-seat', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid, concertSeatIds: SeatIds, concertId: Uuid }),
  /** The price of all of them together. */
  result: Type.Object({ price: Money }),
  refusals: [
    'seat-not-found',
    'token-for-another-concert',
    'seats-not-together',
    'currency-mismatch',
    'seat-taken',
  ],
});

export const hold = command('reservation', 'hold', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid, concertSeatIds: SeatIds, userId: Uuid }),
  result: Type.Object({ price: Money, holdExpiresAt: Timestamp }),
  refusals: [
    'seat-not-found',
    'seats-not-together',
    'currency-mismatch',
    'seat-taken',
    'seat-limit-exceeded',
    'outdated',
  ],
});

/** Undoes {@link hold}. */
export const cancelHold = command('reservation', 'cancel-hold', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid }),
});

/** Reads a live hold and marks it as being paid by this saga, so that it can't expire under it (a semantic lock). */
export const loadReservation = command('reservation', 'load', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid, concertSeatIds: SeatIds, userId: Uuid }),
  result: Type.Object({ price: Money }),
  refusals: [
    'reservation-not-found',
    'hold-expired',
    'already-paid',
    'already-refunded',
    'in-payment',
    'outdated',
  ],
});

/** Undoes {@link loadReservation}. */
export const unmark = command('reservation', 'unmark', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid }),
});

export const confirm = command('reservation', 'confirm', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid }),
  refusals: ['reservation-not-found', 'not-in-payment', 'outdated'],
});

/**
 * Undoes {@link confirm}: from now on it can't run. Where it had run, the payment is complete and stays so: the answer
 * then says `stands`.
 */
export const revert = command('reservation', 'revert', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid }),
});

/** Marks a paid reservation of the user's own as being refunded by this saga: from now on no other can. */
export const loadPaid = command('reservation', 'load-paid', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid, concertSeatIds: SeatIds, userId: Uuid }),
  refusals: ['reservation-not-found', 'not-paid', 'already-refunded', 'in-refund', 'outdated'],
});

/** Undoes {@link loadPaid}. */
export const unmarkPaid = command('reservation', 'unmark-paid', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid }),
});

/** After a refund's success: the seats that this saga has marked are free again. */
export const releaseSeats = command('reservation', 'release-seats', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid }),
});

const Reservation = { reservationId: Uuid, concertSeatIds: SeatIds, userId: Uuid };

export const reservationHeld = event('reservation', 'held', {
  key: 'reservationId',
  data: Type.Object({ ...Reservation, price: Money, holdExpiresAt: Timestamp }),
  description:
    'Seats are held for a user until holdExpiresAt, or longer while they are being paid; all of them or none.',
});

export const reservationPaid = event('reservation', 'paid', {
  key: 'reservationId',
  data: Type.Object({ ...Reservation, price: Money }),
  description: 'The held seats are sold.',
});

export const reservationReleased = event('reservation', 'released', {
  key: 'reservationId',
  data: Type.Object({ ...Reservation, reason: Type.Enum(['expired', 'cancelled', 'refunded']) }),
  description: 'The seats are free again.',
});
