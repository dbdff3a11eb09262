import { expect, test } from '@jest/globals';
import type { ReceivedRecord } from './cloud-event.ts';
import { deadLetter } from './dead-letter.ts';

const failure = {
  error: new Error('no'),
  attempts: 1,
  firstFailure: new Date(0),
  lastFailure: new Date(0),
  group: 'balance',
};

const received = (change: Partial<ReceivedRecord>): ReceivedRecord => ({
  topic: 'balance.commands',
  partition: 3,
  offset: '7',
  timestamp: '0',
  key: null,
  value: null,
  headers: {},
  ...change,
});

test('a letter has the key, the value and the headers of its source, and says where that lay', () => {
  const headers = {
    ce_id: Buffer.from([0xff]),
    twice: [Buffer.from('a'), Buffer.from('b')],
    empty: Buffer.from(''),
  };
  const letter = deadLetter(received({ value: Buffer.from([0]), headers }), failure);
  expect(letter).toMatchObject({
    topic: 'balance.commands.dlq',
    key: null,
    value: Buffer.from([0]),
    headers,
  });
  expect(letter.headers).toMatchObject({
    dlq_topic: 'balance.commands',
    dlq_partition: '3',
    dlq_offset: '7',
  });
  expect(letter.headers).not.toHaveProperty('dlq_null_headers');
});

test('headers without a value are sent as empty ones, and named', () => {
  const headers = { none: null, one: [Buffer.from('a'), null] };
  expect(deadLetter(received({ headers }), failure).headers).toMatchObject({
    none: '',
    one: [Buffer.from('a'), ''],
    dlq_null_headers: '["none","one"]',
  });
});

test('a header is kept whatever it is called', () => {
  const headers = Object.fromEntries(
    ['__proto__', 'constructor', 'toString'].map((name) => [name, Buffer.from(name)]),
  );
  expect(Object.entries(deadLetter(received({ headers }), failure).headers)).toEqual(
    expect.arrayContaining(Object.entries(headers)),
  );
});

test('letters of one cause share the hash of their stack, however the consumer came there', () => {
  const hashOf = (...frames: string[]) => {
    const error = Object.assign(new Error(), { stack: ['Error: no', ...frames].join('\n    at ') });
    return deadLetter(received({}), { ...failure, error }).headers.dlq_stack_hash;
  };
  const shared = 'file:///app/node_modules/@holdfast/shared/dist';
  const cause = hashOf('refund (/app/ledger.js:1:2)', `process (${shared}/messaging/consume.js:5:7)`);
  const ticks = 'process.processTicksAndRejections (node:internal/process/task_queues:95:5)';
  const timed = `async timed (${shared}/telemetry/registry.js:49:20)`;
  const waited = `async process (${shared}/messaging/consume.js:5:1)`;
  const shares = ['async Promise.all (index 1)', `async ${shared}/messaging/together.js:25:14`];
  expect(hashOf('refund (/app/ledger.js:1:2)', ticks, waited)).toBe(cause);
  expect(hashOf('refund (/app/ledger.js:1:2)', timed, ...shares)).toBe(cause);
  expect(hashOf('refund (/app/ledger.js:1:3)', waited)).not.toBe(cause);
});
