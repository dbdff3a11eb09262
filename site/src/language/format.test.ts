import { expect, test } from '@jest/globals';
import { en } from './en.ts';
import { formatIn } from './format.ts';
import { ko } from './ko.ts';

test('money is written as the language has it, from minor units of its currency', () => {
  expect(formatIn('en').money({ amount: 165_000, currency: 'KRW' })).toBe('₩165,000');
  expect(formatIn('ko').money({ amount: 165_000, currency: 'KRW' })).toBe('₩165,000');
  expect(formatIn('en').money({ amount: 1_250, currency: 'EUR' })).toBe('€12.50');
});

test('what is left of a hold counts down to nothing and not further', () => {
  const { left } = formatIn('en');
  expect([300_000, 60_000, 59_001, 9_400, 0, -5_000].map(left)).toEqual([
    '5:00',
    '1:00',
    '1:00',
    '0:10',
    '0:00',
    '0:00',
  ]);
});

test('a wait is told in the unit that fits', () => {
  expect([400, 45_000, 600_000, 7_200_000].map(formatIn('en').about)).toEqual([
    '1 second',
    '45 seconds',
    '10 minutes',
    '2 hours',
  ]);
  expect(formatIn('ko').about(600_000)).toBe('10분');
});

test('both languages have words for the same', () => {
  const shape = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]))
      : typeof value;
  expect(shape(ko)).toEqual(shape(en));
});
