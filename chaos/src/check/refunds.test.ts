import { describe, expect, test } from '@jest/globals';
import { check } from './check.ts';
import { assign, change, reservation, saga, seat } from './testing/doctor.ts';
import { refund, refundSaga } from './testing/refunded-run.ts';
import { bob, type Doctored, front, payment, sagaIds, soundRun, start } from './testing/sound-run.ts';

const found = (doctor: (facts: Doctored) => void): string => {
  const facts = soundRun();
  refund(facts);
  doctor(facts);
  return check(facts)
    .map(({ promise, what }) => `${promise}: ${what}`)
    .join('\n');
};

const cancelled = { operation: 'cancel' as const, userId: bob, request: { reservationId: sagaIds.expired } };
const cancel = (facts: Doctored, at: number) =>
  facts.requests.writes.push({
    ...cancelled,
    sentAt: start + at,
    answers: [{ at: start + at + 5, status: 204, body: {} }],
    unanswered: 0,
  });

describe('a run with a refund', () => {
  test('is sound', () => {
    expect(found(() => undefined)).toBe('');
  });

  test.each<[string, (facts: Doctored) => void, RegExp]>([
    [
      'its money never came',
      ({ tables }) => {
        tables.ledger.pop();
        assign(tables.accounts[0], { balance: 300 });
      },
      /money: 1000 KRW charged, 300 on the balance, 0 in payments: 700 lost/,
    ],
    [
      'its money came, and the payment stands',
      ({ tables }) => change(tables.payments, payment, { status: 'COMPLETED', refundingSaga: null }),
      /money: .* 700 too much[\s\S]*sagas: refund COMPLETED: its payment is COMPLETED/,
    ],
    [
      'its seat is still sold',
      (facts) => seat(facts, front, { status: 'SOLD' }),
      /seats: a seat is sold to nobody/,
    ],
    [
      'its reservation is paid still',
      (facts) => reservation(facts, sagaIds.hold, { status: 'PAID' }),
      /sagas: refund COMPLETED: its reservation is PAID/,
    ],
    [
      'it was compensated, and what it did stands',
      (facts) => saga(facts, refundSaga, { status: 'COMPENSATED' }),
      /sagas: refund COMPENSATED: its reservation is refunded[\s\S]*its payment is refunded/,
    ],
    [
      'it was compensated, and its mark is left',
      (facts) => {
        saga(facts, refundSaga, { status: 'COMPENSATED' });
        reservation(facts, sagaIds.hold, { status: 'PAID' });
      },
      /its reservation is still marked/,
    ],
    [
      'its seat was held anew before it had ended',
      (facts) => reservation(facts, sagaIds.again, { concertSeatIds: [front] }),
      /seats: (a seat was held anew .* before its refund had ended|a hold was refunded after the next)/,
    ],
    [
      'it was told before it had ended',
      ({ messages }) => change(messages.events, `${refundSaga} payment.refunded`, { at: start + 2_550 }),
      /events: payment.refunded was told before its saga had ended/,
    ],
    [
      'nobody was told of it',
      ({ messages }) => void messages.events.delete(`${refundSaga} payment.refunded`),
      /events: no payment.refunded/,
    ],
    [
      'it was answered as another amount',
      ({ requests }) => assign(requests.writes.at(-1)?.answers[0]?.body as object, { amount: 1 }),
      /answers: refund 201 : amount is 700, not 1/,
    ],
  ])('is not where %s', (_, doctor, what) => {
    expect(found(doctor)).toMatch(what);
  });
});

describe('a run with a hold that its user cancelled', () => {
  test('is sound where it is over, however that came', () => {
    expect(found((facts) => cancel(facts, 1_260))).toBe('');
  });

  test('is not where the hold goes on', () => {
    expect(
      found((facts) => {
        cancel(facts, 700);
        Object.assign(facts.requests.writes.at(-1) as object, {
          ...{ request: { reservationId: sagaIds.hold }, userId: facts.requests.writes[0]?.userId },
        });
      }),
    ).toMatch(/answers: cancel 204 : it is REFUNDED/);
  });
});
