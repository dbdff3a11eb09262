import { cancelHold as contract } from '@holdfast/shared/contracts/reservation';
import { compensation } from '@holdfast/shared/participant/decide';
import { released } from '../events.ts';
import { reservationOf, type State, seatOf } from '../state.ts';

/** Undoes `hold`: frees the seat, unless the hold has ended by itself. One that a later saga pays for stands. */
export const cancelHold = compensation(contract, (state: State, { reservationId }) => {
  const reservation = reservationOf(state, reservationId);
  if (reservation.payingSaga !== null) return { effect: 'stands' };
  if (reservation.status !== 'TEMPORARY_HOLD') return { effect: 'undone' };

  const seat = seatOf(state, reservation);
  state.reservations.set(reservationId, { ...reservation, status: 'CANCELLED' });
  state.seats.set(seat.concertSeatId, { ...seat, status: 'AVAILABLE', reservationId: null });
  return { effect: 'undone', events: [released(reservation, 'cancelled')] };
});
