import { cancelPayment, createPayment } from '@holdfast/shared/contracts/payment';
import { hasRun, laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { stateOf } from '../state.ts';
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

const create = todo(createPayment, payload);
const cancel = undo(cancelPayment, { reservationId, paymentId });
const completed = { ...payload, status: 'COMPLETED', sagaId: saga.sagaId, refundingSaga: null } as const;

describe('cancel', () => {
  test('cancels the payment, and says so', () => {
    const state = stateOf([completed]);
    const [decision] = apply(state, [cancel], hasRun(create));
    expect(decision?.reply).toEqual({ outcome: 'done', result: {}, effect: 'undone' });
    expect(decision?.events).toEqual([
      { type: 'payment.cancelled', key: reservationId, data: { paymentId, reservationId, userId, price } },
    ]);
    expect(state.payments.get(paymentId)).toEqual({ ...completed, status: 'CANCELLED' });
  });

  test('in one batch with the creation, leaves a cancelled payment', () => {
    const state = stateOf([]);
    const decisions = apply(state, [create, cancel]);
    expect(decisions.map(({ events }) => events.map(({ type }) => type))).toEqual([
      [],
      ['payment.cancelled'],
    ]);
    expect(paymentsIn(state)).toEqual([[paymentId, 'CANCELLED']]);
  });

  test('asked for twice, cancels once and answers the same', () => {
    const state = stateOf([completed]);
    const [first, second] = apply(state, [cancel, cancel], hasRun(create));
    expect(second).toEqual(first);
  });

  test('before the creation, does nothing', () => {
    const state = stateOf([]);
    expect(apply(state, [cancel])).toMatchObject([{ reply: { effect: 'none' }, events: [] }]);
  });

  test('leaves the payment alone for which its own was refused', () => {
    const state = stateOf([completed]);
    const rival = { ...payload, paymentId: anotherPaymentId };
    const decisions = apply(state, [
      todo(createPayment, rival, laterSaga),
      undo(cancelPayment, { reservationId, paymentId: anotherPaymentId }, laterSaga),
    ]);
    expect(decisions.map(({ reply }) => reply)).toMatchObject([{ code: 'already-paid' }, { effect: 'none' }]);
    expect(paymentsIn(state)).toEqual([[paymentId, 'COMPLETED']]);
  });

  test.each([
    ["another saga's payment", { ...completed, sagaId: laterSaga.sagaId }],
    ['a payment that is not there', { ...completed, paymentId: anotherPaymentId }],
  ])('fails for %s, and cancels nothing', (_, payment) => {
    const state = stateOf([payment]);
    expect(() => apply(state, [cancel], hasRun(create))).toThrow(
      "is for a payment that its saga hasn't made",
    );
    expect(paymentsIn(state)).toEqual([[payment.paymentId, 'COMPLETED']]);
  });
});
