import { refundPayment as contract } from '@holdfast/shared/contracts/payment';
import { action } from '@holdfast/shared/participant/decide';
import { paymentOf, put, type State } from '../state.ts';

/** Takes a reservation's completed payment back. Whoever orchestrates it says so, once the money is where it belongs. */
export const refund = action(contract, (state: State, { reservationId, userId }, { sagaId }) => {
  const payment = paymentOf(state, reservationId);
  if (payment?.userId !== userId || payment.status !== 'COMPLETED') return { refused: 'not-paid' };
  put(state, { ...payment, status: 'REFUNDED', refundingSaga: sagaId });
  const { paymentId, price } = payment;
  return { done: { paymentId, price } };
});
