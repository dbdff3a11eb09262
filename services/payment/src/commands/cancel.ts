import { cancelPayment as contract, paymentCancelled } from '@holdfast/shared/contracts/payment';
import { occurred } from '@holdfast/shared/contracts/protocol';
import { compensation } from '@holdfast/shared/participant/decide';
import { put, type State } from '../state.ts';

/** Undoes the payment that this saga has made. */
export const cancel = compensation(contract, (state: State, { paymentId }, { id, sagaId }) => {
  const payment = state.payments.get(paymentId);
  // That this saga has made one is on record. A command that names another's mustn't undo that, nor be acknowledged.
  if (payment?.sagaId !== sagaId) throw new Error(`${id} is for a payment that its saga hasn't made`);
  put(state, { ...payment, status: 'CANCELLED' });
  const { reservationId, userId, price } = payment;
  return {
    effect: 'undone',
    events: [occurred(paymentCancelled, { paymentId, reservationId, userId, price })],
  };
});
