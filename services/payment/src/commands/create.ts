import { createPayment as contract } from '@holdfast/shared/contracts/payment';
import { action } from '@holdfast/shared/participant/decide';
import type { State } from '../state.ts';

/** Makes the payment of a reservation, unless it has one. */
export const create = action(contract, ({ payments }: State, payment, { sagaId }) => {
  const { paymentId, reservationId } = payment;
  for (const other of payments.values())
    if (other.reservationId === reservationId && other.status === 'COMPLETED')
      return { refused: 'already-paid' };
  payments.set(paymentId, { ...payment, status: 'COMPLETED', sagaId });
  return { done: {} };
});
