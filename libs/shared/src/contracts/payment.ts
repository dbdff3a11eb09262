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

const Payment = Type.Object({ paymentId: Uuid, reservationId: Uuid, userId: Uuid, price: Money });

export const paymentCompleted = event('payment', 'completed', {
  key: 'reservationId',
  data: Payment,
  description:
    'A payment saga has ended well: balance deducted, payment made, reservation paid. It is final.',
});

export const paymentCancelled = event('payment', 'cancelled', {
  key: 'reservationId',
  data: Payment,
  description: 'A payment that had been made was undone, because its saga failed.',
});
