import { loadReservation as contract } from '@holdfast/shared/contracts/reservation';
import { action } from '@holdfast/shared/participant/decide';
import { isLive, type State, seatOf } from '../state.ts';

/** Marks a live hold of the user's own as being paid by this saga: from now on it can't expire under it. */
export const load = action(
  contract,
  (state: State, { reservationId, concertSeatId, userId }, { sagaId, sagaNo }) => {
    const reservation = state.reservations.get(reservationId);
    if (reservation?.userId !== userId || reservation.concertSeatId !== concertSeatId)
      return { refused: 'reservation-not-found' };
    if (reservation.status === 'PAID') return { refused: 'already-paid' };
    if (!isLive(reservation, state.now)) return { refused: 'hold-expired' };
    if (reservation.payingSaga !== null) return { refused: 'in-payment' };
    const seat = seatOf(state, reservation);
    if (seat.fence > sagaNo) return { refused: 'outdated' };

    state.reservations.set(reservationId, { ...reservation, payingSaga: sagaId });
    state.seats.set(concertSeatId, { ...seat, fence: sagaNo });
    return { done: { price: reservation.price } };
  },
);
