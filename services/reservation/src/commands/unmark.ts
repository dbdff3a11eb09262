import { unmark as contract } from '@holdfast/shared/contracts/reservation';
import { compensation } from '@holdfast/shared/participant/decide';
import { reservationOf, type State } from '../state.ts';

/** Undoes `load`: the hold isn't in payment any more, and may expire. */
export const unmark = compensation(contract, (state: State, { reservationId }, { sagaId }) => {
  const reservation = reservationOf(state, reservationId);
  if (reservation.status === 'TEMPORARY_HOLD' && reservation.payingSaga === sagaId)
    state.reservations.set(reservationId, { ...reservation, payingSaga: null });
  return { effect: 'undone' };
});
