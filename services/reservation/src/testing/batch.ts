import type { Money } from '@holdfast/shared/contracts/values';
import { applying, saga } from '@holdfast/shared/testing/commands';
import { reservationParticipant } from '../participant.ts';
import type { Reservation, Seat } from '../state.ts';

/** Rows for tests: a seat and another, a hold of the one, one user, unless told otherwise. */

export const holdTtlMs = 300_000;
export const maxSeatsPerUser = 8;
export const now = new Date('2026-11-24T12:00:00.000Z');
const later = new Date(now.getTime() + 60_000);

export const concertId = '10000000-0000-4000-8000-000000000000';
export const concertSeatId = '20000000-0000-4000-8000-000000000000';
export const anotherSeatId = '20000000-0000-4000-8000-000000000001';
export const performanceId = '60000000-0000-4000-8000-000000000000';
export const userId = '30000000-0000-4000-8000-000000000000';
export const reservationId = '40000000-0000-4000-8000-000000000000';
export const price: Money = { amount: 110_000, currency: 'KRW' };

export const freeSeat: Seat = {
  concertSeatId,
  concertId,
  performanceId,
  price,
  status: 'AVAILABLE',
  reservationId: null,
  fence: 0,
};
export const anotherSeat: Seat = { ...freeSeat, concertSeatId: anotherSeatId };
export const heldSeat: Seat = { ...freeSeat, status: 'HELD', reservationId, fence: 1 };

export const held: Reservation = {
  reservationId,
  concertSeatIds: [concertSeatId],
  performanceId,
  userId,
  status: 'TEMPORARY_HOLD',
  price,
  holdExpiresAt: later,
  payingSaga: null,
  refundingSaga: null,
};

export const paid: Reservation = { ...held, status: 'PAID', payingSaga: saga.sagaId };
export const soldSeat: Seat = { ...heldSeat, status: 'SOLD', fence: saga.sagaNo };

/** Applies a batch to a state, as production does. */
export const apply = applying(reservationParticipant({ holdTtlMs, maxSeatsPerUser }).handlers);
