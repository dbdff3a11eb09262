import { loadReservation as contract } from '@holdfast/shared/contracts/reservation';
import { action } from '@holdfast/shared/participant/decide';
import { isLive, isOf, isOutdated, putSeats, type State, seatsOf } from '../state.ts';

/** Marks a live hold of the user's own as being paid by this saga: from now on it can't expire under it. */
export const load = action(contract, (state: State, asked, { sagaId, sagaNo }) => {
  const reservation = state.reservations.get(asked.reservationId);
  if (!isOf(reservation, asked)) return { refused: 'reservation-not-found' };
  if (reservation.status === 'PAID') return { refused: 'already-paid' };
  if (reservation.status === 'REFUNDED') return { refused: 'already-refunded' };
  if (!isLive(reservation, state.now)) return { refused: 'hold-expired' };
  if (reservation.payingSaga !== null) return { refused: 'in-payment' };
  const seats = seatsOf(state, reservation);
  if (isOutdated(seats, sagaNo)) return { refused: 'outdated' };

  state.reservations.set(reservation.reservationId, { ...reservation, payingSaga: sagaId });
  putSeats(
    state,
    seats.map((seat) => ({ ...seat, fence: sagaNo })),
  );
  return { done: { price: reservation.price } };
});
