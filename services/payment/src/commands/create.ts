import { createPayment as contract } from '@holdfast/shared/contracts/payment';
import { action } from '@holdfast/shared/participant/decide';
import { put, type State } from '../state.ts';

/** Makes the payment of a reservation, unless it has one. */
export const create = action(contract, (state: State, payment, { sagaId }) => {
  if (state.paid.has(payment.reservationId)) return { refused: 'already-paid' };
  put(state, { ...payment, status: 'COMPLETED', sagaId, refundingSaga: null });
  return { done: {} };
});
