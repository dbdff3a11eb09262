import { expect, test } from '@jest/globals';
import { ago, duration, money, perSecond } from './format.ts';

test('amounts in minor units are shown in the units of their currency', () => {
  const plain = (text: string) => text.replaceAll('\u00a0', ' ');
  expect(plain(money({ amount: 150_000, currency: 'KRW' }))).toBe('KRW 150,000');
  expect(plain(money({ amount: 150_000, currency: 'USD' }))).toBe('USD 1,500.00');
});

test.each([
  [0.4, '0 ms'],
  [999, '999 ms'],
  [1_234, '1.23 s'],
  [59_940, '59.9 s'],
  [61_000, '1 min 1 s'],
  [3_720_000, '1 h 2 min'],
  [200_000_000, '2 days'],
])('%d ms last %s', (ms, text) => expect(duration(ms)).toBe(text));

test('what is not quite in the past yet, by another clock, was 0 s ago', () => {
  expect(ago(-300)).toBe('0 s ago');
  expect(ago(3_599_000)).toBe('59 min ago');
});

test('small rates show their tenths', () => {
  expect(perSecond(0)).toBe('0.0');
  expect(perSecond(1_234.4)).toBe('1,234');
});
