import { loadReservation as contract } from '@holdfast/shared/contracts/reservation';
import { action } from '@holdfast/shared/participant/decide';
import { isLive, isOutdated, putSeats, type State, seatsOf } from '../state.ts';

/** Marks a live hold of the user's own as being paid by this saga: from now on it can't expire under it. */
export const load = action(
  contract,
  (state: State, { reservationId, concertSeatIds, userId }, { sagaId, sagaNo }) => {
    const reservation = state.reservations.get(reservationId);
    if (reservation?.userId !== userId || !isSame(reservation.concertSeatIds, concertSeatIds))
      return { refused: 'reservation-not-found' };
    if (reservation.status === 'PAID') return { refused: 'already-paid' };
    if (!isLive(reservation, state.now)) return { refused: 'hold-expired' };
    if (reservation.payingSaga !== null) return { refused: 'in-payment' };
    const seats = seatsOf(state, reservation);
    if (isOutdated(seats, sagaNo)) return { refused: 'outdated' };

    state.reservations.set(reservationId, { ...reservation, payingSaga: sagaId });
    putSeats(
      state,
      seats.map((seat) => ({ ...seat, fence: sagaNo })),
    );
    return { done: { price: reservation.price } };
  },
);

/** The seats that the saga has locked are those that are reserved. */
const isSame = (reserved: readonly string[], locked: readonly string[]): boolean =>
  reserved.length === locked.length && reserved.every((id) => locked.includes(id));
