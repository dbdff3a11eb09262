import { cancelPayment as contract, paymentCancelled } from '@holdfast/shared/contracts/payment';
import { occurred } from '@holdfast/shared/contracts/protocol';
import { compensation } from '@holdfast/shared/participant/decide';
import type { State } from '../state.ts';

/** Undoes a payment that this saga has made. */
export const cancel = compensation(contract, ({ payments }: State, { paymentId }) => {
  const payment = payments.get(paymentId);
  // It can't be missing where its creation is on record: if it is, somebody has to look at it.
  if (!payment) throw new Error(`payment ${paymentId} has disappeared`);
  payments.set(paymentId, { ...payment, status: 'CANCELLED' });
  const { reservationId, userId, price } = payment;
  return {
    effect: 'undone',
    events: [occurred(paymentCancelled, { paymentId, reservationId, userId, price })],
  };
});
