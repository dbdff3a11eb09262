import { assign, change, reservation, saga, testFindings } from './testing/doctor.ts';
import { charge, sagaIds, start } from './testing/sound-run.ts';

testFindings('events', [
  [
    'a sale that nobody was told of',
    ({ messages }) => void messages.events.delete('paid'),
    /no reservation.paid/,
  ],
  [
    'a completed payment that never was',
    (facts) => saga(facts, sagaIds.pay, { status: 'COMPENSATED' }),
    /payment.completed tells what never happened/,
  ],
  [
    'a payment that was told from the middle of its saga',
    ({ messages }) => change(messages.events, `${sagaIds.pay}/payment.completed`, { at: start + 450 }),
    /told before its saga had ended/,
  ],
  [
    'one happening with two ids',
    ({ messages }) => void messages.events.set('paid again', { ...messages.events.get('paid') } as never),
    /reservation.paid has two ids/,
  ],
  [
    'a release for another reason',
    (facts) => reservation(facts, sagaIds.expired, { status: 'CANCELLED' }),
    /no reservation.released cancelled/,
  ],
  ['a charge untold', ({ messages }) => void messages.events.delete(`${charge} told`), /no balance.charged/],
  ['a token too few', ({ messages }) => void messages.events.delete('used 1'), /3 tokens were used by 4/],
  [
    'an outbox that was never relayed',
    ({ tables }) => assign(tables.outbox, { balance: 2 }),
    /2 events were never relayed/,
  ],
  [
    'an external API that was never told',
    ({ deliveries }) => void deliveries.delete(`${sagaIds.pay}/payment.completed`),
    /never told of payment.completed/,
  ],
  [
    'an external API that was told a tale',
    ({ deliveries }) => void deliveries.set('a tale', 1),
    /on no topic/,
  ],
]);
