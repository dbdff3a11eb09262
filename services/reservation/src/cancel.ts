import type { EventMessage } from '@holdfast/shared/contracts/protocol';
import { problem } from '@holdfast/shared/http/problems';
import { isLive, release, type State } from './state.ts';

/**
 * What a user asks for whose hold it is. Asked once more it does nothing: the hold is over, however it has ended. One
 * that a saga has marked as being paid is left to that saga, as the expiry job leaves it.
 *
 * @throws Problem `reservation-not-found`, `already-paid`; `seat-locked` while it is being paid
 */
export function cancel(
  state: State,
  { reservationId, userId }: { reservationId: string; userId: string },
): EventMessage[] {
  const reservation = state.reservations.get(reservationId);
  if (reservation?.userId !== userId) throw problem('reservation-not-found', 'You have no such reservation.');
  if (reservation.status === 'PAID')
    throw problem('already-paid', 'What is paid is refunded: POST /v1/refunds.');
  if (reservation.status !== 'TEMPORARY_HOLD') return [];
  if (reservation.payingSaga !== null)
    throw problem('seat-locked', 'It is being paid just now.', { retryAfter: 1 });
  // One that has run out was told to be expired, and only waits for the job.
  return release(state, reservation, isLive(reservation, state.now) ? 'CANCELLED' : 'EXPIRED');
}
