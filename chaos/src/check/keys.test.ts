import type { SagaRow } from '../facts.ts';
import { answerOf, assign, first, testFindings } from './testing/doctor.ts';
import { bob, charge, sagaIds } from './testing/sound-run.ts';

testFindings('keys', [
  [
    'a charge that was made twice',
    ({ tables }) =>
      void tables.ledger.push({
        ...first(tables.ledger),
        entryId: `${charge.slice(0, -1)}8`,
        balanceAfter: 1_300,
      }),
    /a key has two charges/,
  ],
  [
    'a charge that nobody asked for',
    ({ tables }) => assign(first(tables.ledger), { chargeKey: null }),
    /a charge has no key/,
  ],
  [
    'a payment that was made twice',
    ({ tables }) =>
      void tables.sagas.set(bob, { ...(tables.sagas.get(sagaIds.pay) as SagaRow), sagaId: bob, sagaNo: 9 }),
    /a payment has no key/,
  ],
  [
    'two answers to a key',
    (facts) => assign(answerOf(facts, 'pay', 1), { body: { ...answerOf(facts, 'pay').body, amount: 1 } }),
    /answered in 2 ways/,
  ],
  [
    'two sagas of a key',
    (facts) => assign(answerOf(facts, 'pay', 1), { status: 202, body: { sagaId: sagaIds.hold } }),
    /had 2 effects/,
  ],
]);
