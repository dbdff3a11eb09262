import { describe, expect, test } from '@jest/globals';
import { type CloudEvent, decode, encode, Poison, type ReceivedRecord } from './cloud-event.ts';

const event: CloudEvent = {
  id: 'saga/step/do',
  type: 'balance.deduct',
  source: '/holdfast/orchestrator',
  time: '2026-11-24T00:00:00.000Z',
  subject: 'user',
  dataschema: 'urn:holdfast:event:balance.charged:v1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  extensions: { sagaid: 'saga', sagano: '7' },
  data: { amount: 1, name: '한글' },
};

function received(change: (record: ReceivedRecord) => void = () => undefined): ReceivedRecord {
  const { topic, key, value, headers } = encode('balance.commands', 'user', event);
  const bytes = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
  const record = {
    topic,
    partition: 0,
    offset: '0',
    timestamp: '0',
    key: Buffer.from(key),
    value: Buffer.from(value as string),
    headers: bytes,
  };
  change(record);
  return record;
}

test('what was encoded is decoded to the same', () => {
  expect(decode(received())).toEqual(event);
});

test('data is taken as it was meant, however its text is written', () => {
  const value = Buffer.from(String.raw`["\ud83d\uDE00", "\\u0000", "\u00e9"]`);
  expect(decode({ ...received(), value }).data).toEqual(['😀', '\\u0000', 'é']);
});

describe('is poison:', () => {
  test.each(['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'content-type'])(
    'without %s',
    (name) => {
      const record = received(({ headers }) => {
        delete headers[name];
      });
      expect(() => decode(record)).toThrow(Poison);
      expect(() => decode(record)).toThrow(name);
    },
  );

  test.each([
    ['another version', { headers: { ...received().headers, ce_specversion: '0.3' } }],
    ['another media type', { headers: { ...received().headers, 'content-type': 'text/plain' } }],
    ['no data', { value: null }],
    ['data that is not JSON', { value: Buffer.from('{') }],
    ['text that Postgres cannot store', { value: Buffer.from(String.raw`{"a": ["b\u0000"]}`) }],
    ['a name that Postgres cannot store', { value: Buffer.from(String.raw`{"a\u0000": 1}`) }],
    ['half a character', { value: Buffer.from(String.raw`"\uD83D \ude00"`) }],
    ['more data than any message of ours has', { value: Buffer.from(JSON.stringify('x'.repeat(70_000))) }],
    [
      'a header that comes twice',
      { headers: { ...received().headers, ce_id: [Buffer.from('a'), Buffer.from('b')] } },
    ],
    ['a header without a value', { headers: { ...received().headers, ce_type: null } }],
    ['a control character', { headers: { ...received().headers, ce_sagastep: Buffer.from('pay\u0000') } }],
  ])('%s', (_, change) => {
    expect(() => decode({ ...received(), ...change })).toThrow(Poison);
  });
});

test.each([
  [
    'twice: the first counts',
    [Buffer.from(event.traceparent as string), Buffer.from('x')],
    event.traceparent,
  ],
  ['of another shape', Buffer.from('x'.repeat(1_000_000)), undefined],
])('a trace context that comes %s', (_, traceparent, expected) => {
  const { headers, ...record } = received();
  expect(decode({ ...record, headers: { ...headers, traceparent } }).traceparent).toBe(expected);
});

test('what a poison says is short, whatever it quotes', () => {
  expect(new Poison('x'.repeat(1_000_000)).message).toHaveLength(500);
});
