import { cancelPayment, createPayment } from '@holdfast/shared/contracts/payment';
import { laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { stateOf } from '../state.ts';
import { anotherPaymentId, apply, payload, paymentId, paymentsIn, reservationId } from '../testing/batch.ts';

const create = todo(createPayment, payload);
const rival = todo(createPayment, { ...payload, paymentId: anotherPaymentId }, laterSaga);
const completed = { ...payload, status: 'COMPLETED', sagaId: saga.sagaId, refundingSaga: null } as const;

describe('create', () => {
  test('makes the payment, and says nothing of it yet', () => {
    const state = stateOf([]);
    expect(apply(state, [create])).toMatchObject([{ reply: { outcome: 'done', result: {} }, events: [] }]);
    expect(state.payments.get(paymentId)).toEqual(completed);
  });

  test('refuses a reservation that is paid', () => {
    const state = stateOf([completed]);
    expect(apply(state, [rival])[0]?.reply).toEqual({ outcome: 'refused', code: 'already-paid' });
    expect(paymentsIn(state)).toEqual([[paymentId, 'COMPLETED']]);
  });

  test('lets only the first of a batch pay', () => {
    const state = stateOf([]);
    const replies = apply(state, [create, rival]).map(({ reply }) => reply);
    expect(replies).toMatchObject([{ outcome: 'done' }, { code: 'already-paid' }]);
    expect(paymentsIn(state)).toEqual([[paymentId, 'COMPLETED']]);
  });

  test('pays a reservation whose payment was cancelled, before or in the same batch', () => {
    const before = stateOf([{ ...completed, status: 'CANCELLED' }]);
    expect(apply(before, [rival])[0]?.reply).toMatchObject({ outcome: 'done' });

    const batch = stateOf([]);
    apply(batch, [create, undo(cancelPayment, { reservationId, paymentId }), rival]);
    expect(paymentsIn(batch)).toEqual([
      [paymentId, 'CANCELLED'],
      [anotherPaymentId, 'COMPLETED'],
    ]);
  });

  test('pays another reservation beside it', () => {
    const state = stateOf([completed]);
    const other = { ...payload, paymentId: anotherPaymentId, reservationId: anotherPaymentId };
    expect(apply(state, [todo(createPayment, other, laterSaga)])[0]?.reply.outcome).toBe('done');
  });

  test('asked for twice in a batch, makes one and answers the same', () => {
    const state = stateOf([]);
    const [first, second] = apply(state, [create, create]);
    expect(second).toEqual(first);
    expect(paymentsIn(state)).toEqual([[paymentId, 'COMPLETED']]);
  });

  test('can never run once it has been undone', () => {
    const state = stateOf([]);
    const decisions = apply(state, [undo(cancelPayment, { reservationId, paymentId }), create]);
    expect(decisions.map(({ reply }) => reply)).toEqual([{ outcome: 'done', result: {}, effect: 'none' }]);
    expect(paymentsIn(state)).toEqual([]);
  });
});
