import { createPayment, refundPayment, reinstatePayment } from '@holdfast/shared/contracts/payment';
import { hasRun, laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { type Payment, stateOf } from '../state.ts';
import {
  anotherPaymentId,
  apply,
  payload,
  paymentId,
  paymentsIn,
  price,
  reservationId,
  userId,
} from '../testing/batch.ts';

const completed: Payment = { ...payload, status: 'COMPLETED', sagaId: saga.sagaId, refundingSaga: null };
const refund = todo(refundPayment, { reservationId, userId }, laterSaga);
const reinstate = undo(reinstatePayment, { reservationId }, laterSaga);
const refunded: Payment = { ...completed, status: 'REFUNDED', refundingSaga: laterSaga.sagaId };

describe('refund', () => {
  test('takes the payment back, tells what was paid, and says nothing of it yet', () => {
    const state = stateOf([completed]);
    expect(apply(state, [refund])).toMatchObject([
      { reply: { outcome: 'done', result: { paymentId, price } }, events: [] },
    ]);
    expect(state.payments.get(paymentId)).toEqual(refunded);
  });

  test.each<[string, Payment[]]>([
    ['that is not paid', []],
    ['whose payment was cancelled', [{ ...completed, status: 'CANCELLED' }]],
    ['that is refunded already', [{ ...refunded, refundingSaga: saga.sagaId }]],
    ['of another user', [{ ...completed, userId: anotherPaymentId }]],
  ])('refuses a reservation %s', (_, payments) => {
    const state = stateOf(payments);
    expect(apply(state, [refund])[0]?.reply).toMatchObject({ outcome: 'refused', code: 'not-paid' });
    expect([...state.payments.values()]).toEqual(payments);
  });

  test('leaves the reservation one that nobody can pay again', () => {
    const state = stateOf([refunded]);
    const again = todo(createPayment, { ...payload, paymentId: anotherPaymentId });
    expect(apply(state, [again])[0]?.reply).toMatchObject({ code: 'already-paid' });
  });
});

describe('reinstate', () => {
  test('leaves the payment as it was', () => {
    const state = stateOf([refunded]);
    expect(apply(state, [reinstate], hasRun(refund))).toMatchObject([{ reply: { effect: 'undone' } }]);
    expect(state.payments.get(paymentId)).toEqual(completed);
  });

  test('in one batch with the refund, leaves a completed payment', () => {
    const state = stateOf([completed]);
    apply(state, [refund, reinstate]);
    expect(paymentsIn(state)).toEqual([[paymentId, 'COMPLETED']]);
  });

  test('before the refund, does nothing, and the refund never runs', () => {
    const state = stateOf([completed]);
    expect(apply(state, [reinstate, refund]).map(({ reply }) => reply)).toMatchObject([{ effect: 'none' }]);
    expect(state.payments.get(paymentId)).toBe(completed);
  });

  test("fails for a payment that another saga has refunded, and doesn't touch it", () => {
    const state = stateOf([{ ...refunded, refundingSaga: saga.sagaId }]);
    expect(() => apply(state, [reinstate], hasRun(refund))).toThrow("its saga hasn't refunded");
    expect(paymentsIn(state)).toEqual([[paymentId, 'REFUNDED']]);
  });
});
