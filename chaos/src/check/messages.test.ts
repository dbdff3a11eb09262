import type { SagaRow } from '../facts.ts';
import { assign, at, change, first, letter, saga, testFindings } from './testing/doctor.ts';
import { sagaIds } from './testing/sound-run.ts';

testFindings('messages', [
  [
    'a command that nobody processed',
    ({ tables }) => void tables.inboxes.balance.rows.delete(`${sagaIds.pay}/deduct-balance/do`),
    /neither processed nor dead-lettered/,
  ],
  [
    'a reply that was never published',
    ({ messages }) => void messages.replies.delete(`${sagaIds.pay}/deduct-balance/do`),
    /its reply never published/,
  ],
  [
    'a reply that moved nothing',
    (facts) =>
      saga(facts, sagaIds.pay, {
        steps: (facts.tables.sagas.get(sagaIds.pay) as SagaRow).steps.map((step) => ({
          ...step,
          status: 'SENT',
        })),
      }),
    /a reply didn't move its saga/,
  ],
  [
    'an id with two payloads',
    ({ messages }) => change(messages.commands.token, `${sagaIds.pay}/verify-token/do`, { differs: true }),
    /one id, two payloads/,
  ],
  [
    'an id with two answers',
    ({ messages }) => change(messages.replies, `${sagaIds.pay}/verify-token/do`, { differs: true }),
    /one id, two answers/,
  ],
  [
    'a group that is behind',
    ({ messages }) => assign(first(messages.offsets), { committed: 7 }),
    /balance is 2 records behind/,
  ],
  [
    'poison that was swallowed',
    ({ messages }) => void messages.poison.push({ at: at('balance.commands'), why: 'data is not JSON' }),
    /poison isn't among the dead letters/,
  ],
  [
    'poison that is none',
    ({ requests }) =>
      void requests.faults.push({ kind: 'fault', fault: 'poison', target: 'every topic', from: 1, until: 2 }),
    /poison was injected 1 times, and somebody can read it/,
  ],
  [
    'a good message that was dead-lettered',
    ({ messages }) => void messages.deadLetters.push(letter({ source: at('balance.commands') })),
    /a good message was dead-lettered/,
  ],
  [
    'a dead letter that was changed',
    ({ messages }) => {
      messages.poison.push({ at: at('balance.commands'), why: '' });
      messages.deadLetters.push(letter({ source: at('balance.commands'), faithful: false }));
    },
    /isn't what its source was/,
  ],
  [
    'a dead letter that names nothing',
    ({ messages }) => void messages.deadLetters.push(letter({})),
    /doesn't name its source/,
  ],
  [
    'a command that was never sent',
    ({ tables }) => void tables.inboxes.balance.rows.set('x/deduct-balance/do', 'done' as never),
    /a command that was never sent/,
  ],
  [
    'a command of no saga',
    ({ tables }) => void tables.sagas.delete(sagaIds.refused),
    /a saga that does not exist/,
  ],
]);
