import { occurred } from '@holdfast/shared/contracts/protocol';
import { confirm as contract, reservationPaid } from '@holdfast/shared/contracts/reservation';
import { action } from '@holdfast/shared/participant/decide';
import { isOutdated, putSeats, type State, seatsOf } from '../state.ts';

/** Sells the seats of the hold that this saga has marked, however late it is: the mark kept it. It is final. */
export const confirm = action(contract, (state: State, { reservationId }, { sagaId, sagaNo }) => {
  const reservation = state.reservations.get(reservationId);
  if (!reservation) return { refused: 'reservation-not-found' };
  const seats = seatsOf(state, reservation);
  if (isOutdated(seats, sagaNo)) return { refused: 'outdated' };
  if (reservation.status !== 'TEMPORARY_HOLD' || reservation.payingSaga !== sagaId)
    return { refused: 'not-in-payment' };

  state.reservations.set(reservationId, { ...reservation, status: 'PAID' });
  putSeats(
    state,
    seats.map((seat) => ({ ...seat, status: 'SOLD' })),
  );
  const { concertSeatIds, userId, price } = reservation;
  return { done: {}, events: [occurred(reservationPaid, { reservationId, concertSeatIds, userId, price })] };
});
