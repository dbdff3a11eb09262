import { type EventMessage, occurred } from '@holdfast/shared/contracts/protocol';
import { reservationReleased } from '@holdfast/shared/contracts/reservation';
import type { Reservation } from './state.ts';

/** Says that a seat is free again. */
export const released = (
  { reservationId, concertSeatId, userId }: Pick<Reservation, 'reservationId' | 'concertSeatId' | 'userId'>,
  reason: 'expired' | 'cancelled',
): EventMessage => occurred(reservationReleased, { reservationId, concertSeatId, userId, reason });
