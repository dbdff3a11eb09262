import { loadPaid as contract } from '@holdfast/shared/contracts/reservation';
import { action } from '@holdfast/shared/participant/decide';
import { isOf, isOutdated, putSeats, type State, seatsOf } from '../state.ts';

/** Marks a paid reservation of the user's own as being refunded by this saga: from now on no other can. */
export const loadPaid = action(contract, (state: State, asked, { sagaId, sagaNo }) => {
  const reservation = state.reservations.get(asked.reservationId);
  if (!isOf(reservation, asked)) return { refused: 'reservation-not-found' };
  if (reservation.status === 'REFUNDED') return { refused: 'already-refunded' };
  if (reservation.status !== 'PAID') return { refused: 'not-paid' };
  if (reservation.refundingSaga !== null) return { refused: 'in-refund' };
  const seats = seatsOf(state, reservation);
  if (isOutdated(seats, sagaNo)) return { refused: 'outdated' };

  state.reservations.set(reservation.reservationId, { ...reservation, refundingSaga: sagaId });
  putSeats(
    state,
    seats.map((seat) => ({ ...seat, fence: sagaNo })),
  );
  return { done: {} };
});
