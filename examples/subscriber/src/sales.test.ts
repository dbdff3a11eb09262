import {
  type Contract,
  contracts,
  type Envelope,
  type EventOf,
  eventReader,
  readEvent,
} from '@holdfast/contracts';
import { expect, test } from '@jest/globals';
import { count, type Sales } from './sales.ts';
import { type Change, dayOf, translations } from './translate.ts';

const uuid = '01993c00-0000-7000-8000-000000000001';
const headersOf = (id: string, type: string, more = {}) => ({
  'content-type': 'application/json; charset=utf-8',
  ce_specversion: '1.0',
  ce_id: id,
  ce_type: type,
  ce_source: '/holdfast/orchestrator',
  ce_time: '2026-11-25T08:00:00.000Z',
  ...more,
});
const paid = (amount: number) =>
  JSON.stringify({
    paymentId: uuid,
    reservationId: uuid,
    userId: uuid,
    price: { amount, currency: 'KRW' },
  });
const fresh = () => ({ sales: {} as Sales, seen: new Set<string>() });

test('a payment counts once, however often it comes', () => {
  const state = fresh();
  for (const id of ['a', 'b', 'a', 'a']) {
    const event = readEvent(headersOf(id, 'payment.completed'), paid(1_000));
    count(state, event as NonNullable<typeof event>);
  }
  expect(state.sales).toEqual({ '2026-11-25': { KRW: { sold: 2, revenue: 2_000 } } });
});

test('a refund takes back what its payment brought', () => {
  const state = fresh();
  for (const type of ['payment.completed', 'payment.refunded']) {
    const event = readEvent(headersOf(type, type), paid(1_000));
    count(state, event as NonNullable<typeof event>);
  }
  expect(state.sales).toEqual({ '2026-11-25': { KRW: { sold: 0, revenue: 0 } } });
});

test('an event that means nothing here changes nothing', () => {
  const state = fresh();
  const event = readEvent(headersOf('a', 'payment.cancelled'), paid(1_000));
  count(state, event as NonNullable<typeof event>);
  expect(state).toEqual(fresh());
});

/**
 * What docs/events.md asks for, played through: a second version of an event, in which the amount is another thing. It is
 * published before the first, for as long as both are, and names it.
 */
test('a second version beside the first: who knows both counts each payment once, who knows one as well', () => {
  const v2: Contract = {
    ...contracts['payment.completed'],
    dataschema: 'urn:holdfast:event:payment.completed:v2',
    data: {
      type: 'object',
      required: ['paymentId', 'total'],
      properties: { paymentId: { type: 'string' }, total: { type: 'string', pattern: '^[0-9]+ [A-Z]{3}$' } },
    },
  };
  type V2 = Envelope<'payment.completed.v2', { paymentId: string; total: string }>;
  type V1 = EventOf<'payment.completed'>;
  const reader = eventReader<V1 | V2>({ ...contracts, 'payment.completed.v2': v2 });
  const both = {
    ...translations,
    'payment.completed.v2': ({ time, data }: V2): Change => {
      const [amount, currency] = data.total.split(' ') as [string, string];
      return { day: dayOf(time), currency, sold: 1, revenue: Number(amount) };
    },
  };

  const topic: [headers: Record<string, string>, value: string][] = [
    // From before there was a second version.
    [headersOf('1', 'payment.completed'), paid(1_000)],
    [
      headersOf('2/v2', 'payment.completed.v2', { ce_supersedes: '2' }),
      JSON.stringify({ paymentId: uuid, total: '2000 KRW' }),
    ],
    [headersOf('2', 'payment.completed'), paid(2_000)],
    // Once nobody needs the first any more.
    [headersOf('3/v2', 'payment.completed.v2'), JSON.stringify({ paymentId: uuid, total: '4000 KRW' })],
  ];
  const [newer, older] = [fresh(), fresh()];
  for (const [headers, value] of topic) {
    const event = reader.fromRecord(headers, value);
    if (event) count(newer, event, both);
    const known = readEvent(headers, value);
    if (known) count(older, known);
  }
  expect(newer.sales).toEqual({ '2026-11-25': { KRW: { sold: 3, revenue: 7_000 } } });
  // As long as the first is published it misses nothing.
  expect(older.sales).toEqual({ '2026-11-25': { KRW: { sold: 2, revenue: 3_000 } } });
});
