import { paymentCompleted } from '@holdfast/shared/contracts/payment';
import { occurred } from '@holdfast/shared/contracts/protocol';
import { encodeEvent } from '@holdfast/shared/messaging/protocol';
import { describe, expect, test } from '@jest/globals';
import { type EventOf, InvalidEvent, readEvent, readWebhook, topics } from './index.ts';

const uuid = '01993c00-0000-7000-8000-000000000001';
const payment = {
  paymentId: uuid,
  reservationId: uuid,
  userId: uuid,
  price: { amount: 1_000, currency: 'KRW' },
};
const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** As the orchestrator sends it. */
const sent = encodeEvent(
  'orchestrator',
  'saga/payment.completed',
  occurred(paymentCompleted, payment),
  trace,
);
const value = sent.value as string;

const expected: EventOf<'payment.completed'> = {
  id: 'saga/payment.completed',
  type: 'payment.completed',
  source: '/holdfast/orchestrator',
  time: String(sent.headers.ce_time),
  subject: uuid,
  dataschema: 'urn:holdfast:event:payment.completed:v1',
  traceparent: trace,
  extensions: {},
  data: payment,
};

test('what a service sends is read, from bytes as from text', () => {
  const bytes = Object.fromEntries(
    Object.entries(sent.headers).map(([name, text]) => [name, Buffer.from(text)]),
  );
  expect(readEvent(sent.headers, value)).toEqual(expected);
  expect(readEvent(bytes, Buffer.from(value))).toEqual(expected);
  expect(topics).toContain(sent.topic);
});

test('what comes by webhook is read', () => {
  const { extensions: _, ...attributes } = expected;
  const body = JSON.stringify({ specversion: '1.0', datacontenttype: 'application/json', ...attributes });
  expect(readWebhook(body)).toEqual(expected);
});

describe('of what is newer', () => {
  test('a type that is not known is nothing to read, whatever it brings', () => {
    expect(readEvent({ ...sent.headers, ce_type: 'payment.completed.v2' }, 'not even JSON')).toBeUndefined();
    expect(readEvent({ ...sent.headers, ce_type: 'constructor' }, value)).toBeUndefined();
  });

  test('properties and attributes that are not known are left as they are', () => {
    const more = { ...payment, channel: 'box office', price: { ...payment.price, tax: 100 } };
    expect(readEvent({ ...sent.headers, ce_supersedes: 'another' }, JSON.stringify(more))).toEqual({
      ...expected,
      extensions: { supersedes: 'another' },
      data: more,
    });
  });

  test('of what is older a schema need not be named', () => {
    const { ce_dataschema: _, ...headers } = sent.headers;
    expect(readEvent(headers, value)).toMatchObject({ data: payment });
  });
});

test.each([
  ['no headers', {}, value],
  ['no id', { ...sent.headers, ce_id: '' }, value],
  ['another version of CloudEvents', { ...sent.headers, ce_specversion: '0.3' }, value],
  ['another media type', { ...sent.headers, 'content-type': 'text/plain' }, value],
  ['no data', sent.headers, null],
  ['no JSON', sent.headers, '{'],
  ['data that lacks something', sent.headers, JSON.stringify({ ...payment, price: undefined })],
  ['data of another form', sent.headers, JSON.stringify({ ...payment, price: 1_000 })],
])('%s is no event', (_, headers, value) => {
  expect(() => readEvent(headers, value)).toThrow(InvalidEvent);
});

test.each(['[]', 'null', '"text"', '{', '{"specversion":"1.0"}'])('the webhook %s is no event', (body) => {
  expect(() => readWebhook(body)).toThrow(InvalidEvent);
});
