import { releaseSeats as contract } from '@holdfast/shared/contracts/reservation';
import { action } from '@holdfast/shared/participant/decide';
import { isOutdated, release, reservationOf, type State, seatsOf } from '../state.ts';

/**
 * Frees the seats of the reservation that this saga has refunded. Nobody waits for it, so that it may come late or once
 * more: what isn't marked by this saga any longer, or has gone to a later one, is left alone.
 */
export const releaseSeats = action(contract, (state: State, { reservationId }, { sagaId, sagaNo }) => {
  const reservation = reservationOf(state, reservationId);
  if (reservation.status !== 'PAID' || reservation.refundingSaga !== sagaId) return { done: {} };
  if (isOutdated(seatsOf(state, reservation), sagaNo)) return { done: {} };
  return { done: {}, events: release(state, reservation, 'REFUNDED') };
});
