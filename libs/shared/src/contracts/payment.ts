import Type from 'typebox';
import { command, event } from './define.ts';
import { Money, Uuid } from './values.ts';

export const createPayment = command('payment', 'create', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid, paymentId: Uuid, userId: Uuid, price: Money }),
  refusals: ['already-paid'],
});

/** Undoes {@link createPayment}. */
export const cancelPayment = command('payment', 'cancel', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid, paymentId: Uuid }),
});

/** Takes a completed payment back. The money goes to the user's balance by another command. */
export const refundPayment = command('payment', 'refund', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid, userId: Uuid }),
  result: Type.Object({ paymentId: Uuid, price: Money }),
  refusals: ['not-paid'],
});

/** Undoes {@link refundPayment}. */
export const reinstatePayment = command('payment', 'reinstate', {
  key: 'reservationId',
  payload: Type.Object({ reservationId: Uuid }),
});

const Payment = Type.Object({ paymentId: Uuid, reservationId: Uuid, userId: Uuid, price: Money });

export const paymentCompleted = event('payment', 'completed', {
  key: 'reservationId',
  data: Payment,
  description:
    'A payment saga has ended well: balance deducted, payment made, reservation paid. Only a refund ends it.',
});

export const paymentCancelled = event('payment', 'cancelled', {
  key: 'reservationId',
  data: Payment,
  description: 'A payment that had been made was undone, because its saga failed.',
});

export const paymentRefunded = event('payment', 'refunded', {
  key: 'reservationId',
  data: Payment,
  description:
    'A refund saga has ended well: the price is back on the balance, the seats are free again. It is final.',
});
