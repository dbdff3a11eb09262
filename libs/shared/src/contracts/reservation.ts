import Type from 'typebox';
import { command, event } from './define.ts';
import { Money, Timestamp, Uuid } from './values.ts';

export const loadSeat = command('reservation', 'load-seat', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid, concertSeatId: Uuid, concertId: Uuid }),
  result: Type.Object({ price: Money }),
  refusals: ['seat-not-found', 'token-for-another-concert', 'seat-taken'],
});

export const hold = command('reservation', 'hold', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid, concertSeatId: Uuid, userId: Uuid }),
  result: Type.Object({ price: Money, holdExpiresAt: Timestamp }),
  refusals: ['seat-not-found', 'seat-taken', 'outdated'],
});

/** Undoes {@link hold}. */
export const cancelHold = command('reservation', 'cancel-hold', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid }),
});

/** Reads a live hold and marks it as being paid by this saga, so that it can't expire under it (a semantic lock). */
export const loadReservation = command('reservation', 'load', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid, concertSeatId: Uuid, userId: Uuid }),
  result: Type.Object({ price: Money }),
  refusals: ['reservation-not-found', 'hold-expired', 'already-paid', 'in-payment', 'outdated'],
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

const Reservation = { reservationId: Uuid, concertSeatId: Uuid, userId: Uuid };

export const reservationHeld = event('reservation', 'held', {
  key: 'reservationId',
  data: Type.Object({ ...Reservation, price: Money, holdExpiresAt: Timestamp }),
  description: 'A seat is held for a user until holdExpiresAt, or longer while it is being paid.',
});

export const reservationPaid = event('reservation', 'paid', {
  key: 'reservationId',
  data: Type.Object({ ...Reservation, price: Money }),
  description: 'The held seat is sold. It is final.',
});

export const reservationReleased = event('reservation', 'released', {
  key: 'reservationId',
  data: Type.Object({ ...Reservation, reason: Type.Enum(['expired', 'cancelled']) }),
  description: 'The seat is free again.',
});
