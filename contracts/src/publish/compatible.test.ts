import { expect, test } from '@jest/globals';
import { breakingChanges } from './compatible.ts';
import type { Contracts } from './schemas.ts';

const published: Contracts = {
  'payment.completed': {
    topic: 'payment.events',
    key: 'paymentId',
    dataschema: 'urn:holdfast:event:payment.completed:v1',
    description: 'A payment.',
    data: {
      type: 'object',
      required: ['paymentId', 'price', 'reason', 'seats'],
      properties: {
        paymentId: { type: 'string', format: 'uuid' },
        price: {
          type: 'object',
          required: ['amount'],
          properties: { amount: { type: 'integer', minimum: 0, description: 'minor units' } },
        },
        reason: { enum: ['bought', 'given'] },
        seats: { type: 'array', items: { type: 'string', maxLength: 36 } },
        note: { type: 'string' },
      },
    },
  },
};

// biome-ignore lint/suspicious/noExplicitAny: a schema to be changed in whatever way
type Data = any;

/** The contract with another schema of its data. */
function changed(change: (data: Data) => void, more: object = {}): Contracts {
  const next = structuredClone(published) as Record<string, Data>;
  change(next['payment.completed'].data);
  Object.assign(next['payment.completed'], more);
  return next;
}

test.each<[string, Contracts]>([
  ['nothing', published],
  [
    'an optional property more',
    changed(({ properties }) => {
      properties.channel = { type: 'string' };
    }),
  ],
  [
    'one more far inside',
    changed(({ properties }) => {
      properties.price.properties.tax = { type: 'integer' };
    }),
  ],
  [
    'other words for people',
    changed(({ properties }) => {
      properties.paymentId.description = 'whose';
      delete properties.price.properties.amount.description;
    }),
  ],
  [
    'another order',
    changed((data) => {
      data.required.reverse();
      data.properties.reason.enum.reverse();
    }),
  ],
  ['a type more', { ...published, 'payment.refunded': published['payment.completed'] as never }],
])('%s breaks nobody', (_, next) => {
  expect(breakingChanges(published, next)).toEqual([]);
});

test('a type that was retired may go', () => {
  expect(
    breakingChanges(
      changed(() => undefined, { retired: '2027-06-01' }),
      {},
    ),
  ).toEqual([]);
});

test.each<[string, string, Contracts]>([
  ['a type that is gone', 'payment.completed: it is gone', {}],
  [
    'a property that is gone',
    'data.note is gone',
    changed(({ properties }) => {
      delete properties.note;
    }),
  ],
  [
    'a property with another name',
    'data.note is gone',
    changed(({ properties }) => {
      properties.remark = properties.note;
      delete properties.note;
    }),
  ],
  [
    'a property that may be missing now',
    'data.price has become optional',
    changed((data) => {
      data.required = data.required.filter((name: string) => name !== 'price');
    }),
  ],
  [
    'a property that has to be there now',
    'data.note has become required',
    changed(({ required }) => {
      required.push('note');
    }),
  ],
  [
    'a new property that has to be there',
    'data.channel is new and required',
    changed(({ required, properties }) => {
      properties.channel = { type: 'string' };
      required.push('channel');
    }),
  ],
  [
    'another type',
    'data.price.amount has type "string" instead of "integer"',
    changed(({ properties }) => {
      properties.price.properties.amount.type = 'string';
    }),
  ],
  [
    'a value more, which readers of today do not know',
    'data.reason has enum',
    changed(({ properties }) => {
      properties.reason.enum.push('won');
    }),
  ],
  [
    'a value less, which events of yesterday have',
    'data.reason has enum',
    changed(({ properties }) => {
      properties.reason.enum.pop();
    }),
  ],
  [
    'a narrower number',
    'data.price.amount has minimum 1 instead of 0',
    changed(({ properties }) => {
      properties.price.properties.amount.minimum = 1;
    }),
  ],
  [
    'a wider number',
    'data.price.amount has minimum none instead of 0',
    changed(({ properties }) => {
      delete properties.price.properties.amount.minimum;
    }),
  ],
  [
    'longer members of a list',
    'data.seats[] has maxLength',
    changed(({ properties }) => {
      properties.seats.items.maxLength = 50;
    }),
  ],
  ['another topic', 'its topic is', changed(() => undefined, { topic: 'sales.events' })],
  ['another key', 'its key is', changed(() => undefined, { key: 'userId' })],
])('%s breaks somebody', (_, message, next) => {
  expect(breakingChanges(published, next)).toEqual([expect.stringContaining(message)]);
});
