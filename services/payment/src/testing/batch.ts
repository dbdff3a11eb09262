import { applying } from '@holdfast/shared/testing/commands';
import { paymentParticipant } from '../participant.ts';
import type { State } from '../state.ts';

/** Rows for tests: one reservation, and what pays it. */

export const reservationId = '40000000-0000-4000-8000-000000000000';
export const paymentId = '80000000-0000-4000-8000-000000000000';
export const anotherPaymentId = '80000000-0000-4000-8000-000000000001';
export const userId = '30000000-0000-4000-8000-000000000000';
export const price = { amount: 110_000, currency: 'KRW' };

/** What creates the payment. */
export const payload = { reservationId, paymentId, userId, price };

/** The state's payments as `[id, status]`. */
export const paymentsIn = ({ payments }: State) =>
  [...payments.values()].map(({ paymentId, status }) => [paymentId, status]);

/** Applies a batch to a state, as production does. */
export const apply = applying(paymentParticipant.handlers);
