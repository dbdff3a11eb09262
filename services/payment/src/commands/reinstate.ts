import { reinstatePayment as contract } from '@holdfast/shared/contracts/payment';
import { compensation } from '@holdfast/shared/participant/decide';
import { paymentOf, put, type State } from '../state.ts';

/** Undoes `refund`: the payment is completed, as it was. */
export const reinstate = compensation(contract, (state: State, { reservationId }, { id, sagaId }) => {
  const payment = paymentOf(state, reservationId);
  // That this saga has taken one back is on record. A command that names another's mustn't be acknowledged.
  if (payment?.refundingSaga !== sagaId)
    throw new Error(`${id} is for a payment that its saga hasn't refunded`);
  put(state, { ...payment, status: 'COMPLETED', refundingSaga: null });
  return { effect: 'undone' };
});
