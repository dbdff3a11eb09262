import { unmarkPaid as contract } from '@holdfast/shared/contracts/reservation';
import { compensation } from '@holdfast/shared/participant/decide';
import { reservationOf, type State } from '../state.ts';

/** Undoes `load-paid`: the reservation is paid, as it was, and may be refunded by another saga. */
export const unmarkPaid = compensation(contract, (state: State, { reservationId }, { sagaId }) => {
  const reservation = reservationOf(state, reservationId);
  if (reservation.status === 'PAID' && reservation.refundingSaga === sagaId)
    state.reservations.set(reservationId, { ...reservation, refundingSaga: null });
  return { effect: 'undone' };
});
