import type { PaymentRow } from '../facts.ts';
import { answerOf, assign, change, first, reservation, saga, seat, testFindings } from './testing/doctor.ts';
import { bob, front, payment, sagaIds } from './testing/sound-run.ts';

testFindings('answers', [
  ['a payment that is gone', ({ tables }) => void tables.payments.clear(), /no such payment/],
  [
    'a payment that was cancelled',
    ({ tables }) => change(tables.payments as Map<string, PaymentRow>, payment, { status: 'CANCELLED' }),
    /payment is CANCELLED, not COMPLETED/,
  ],
  [
    'a reservation that is not paid',
    (facts) => reservation(facts, sagaIds.hold, { status: 'EXPIRED' }),
    /EXPIRED, not PAID/,
  ],
  [
    'a seat that is not sold',
    (facts) => seat(facts, front, { status: 'HELD' }),
    /seats sold is false, not true/,
  ],
  ['no deduction', ({ tables }) => void tables.ledger.pop(), /deduction is 0, not 700/],
  [
    'a hold that is gone',
    ({ tables }) => void tables.reservations.delete(sagaIds.again),
    /no such reservation/,
  ],
  [
    'a hold that was cancelled',
    (facts) => reservation(facts, sagaIds.again, { status: 'CANCELLED' }),
    /it was cancelled/,
  ],
  [
    'a hold of another seat',
    (facts) => reservation(facts, sagaIds.again, { concertSeatIds: [front] }),
    /seats is/,
  ],
  ['a charge that is gone', ({ tables }) => void tables.ledger.shift(), /ledger has no such entry/],
  [
    'a charge of another amount',
    ({ tables }) => assign(first(tables.ledger), { amount: 1 }),
    /amount is 1, not 1000/,
  ],
  [
    'an accepted saga that does not exist',
    (facts) => assign(answerOf(facts, 'pay'), { status: 202, body: { sagaId: bob } }),
    /no such saga/,
  ],
  [
    'a refusal of what was done',
    (facts) => saga(facts, sagaIds.poor, { status: 'COMPLETED' }),
    /pay 402 insufficient-balance: the saga is COMPLETED/,
  ],
  [
    'a refusal of a charge that was made',
    (facts) => assign(answerOf(facts, 'charge'), { status: 409, body: { code: 'balance-limit-exceeded' } }),
    /refused, and done all the same/,
  ],
  [
    'another reason than was told',
    (facts) => saga(facts, sagaIds.poor, { failure: { outcome: 'refused', code: 'hold-expired' } }),
    /failed by hold-expired/,
  ],
  [
    'a payment that was read as missing',
    ({ requests }) => assign(requests.reads[4]?.answer, { status: 404 }),
    /an acknowledged payment was not found/,
  ],
  [
    'a balance that goes back in time',
    ({ requests }) => assign(requests.reads[1]?.answer, { body: { balance: { amount: 1_000 } } }),
    /a balance of 1000 fits no balance/,
  ],
  [
    'a refusal for want of money that was there',
    ({ tables, requests }) => {
      for (const entry of tables.ledger) entry.balanceAfter += 5_000;
      assign(requests.reads[0]?.answer, { body: { balance: { amount: 6_000 } } });
      assign(requests.reads[1]?.answer, { body: { balance: { amount: 5_300 } } });
    },
    /less than 700 fits no balance/,
  ],
]);
