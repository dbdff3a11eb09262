import { cancelHold as contract } from '@holdfast/shared/contracts/reservation';
import { compensation } from '@holdfast/shared/participant/decide';
import { release, reservationOf, type State } from '../state.ts';

/** Undoes `hold`: frees the seats, unless the hold has ended by itself. One that a later saga pays for stands. */
export const cancelHold = compensation(contract, (state: State, { reservationId }) => {
  const reservation = reservationOf(state, reservationId);
  if (reservation.payingSaga !== null) return { effect: 'stands' };
  if (reservation.status !== 'TEMPORARY_HOLD') return { effect: 'undone' };
  return { effect: 'undone', events: release(state, reservation, 'CANCELLED') };
});
