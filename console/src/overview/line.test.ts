import { expect, test } from '@jest/globals';
import { linePath, niceMaximum } from './line.ts';

const scale = { width: 40, height: 10, length: 5, maximum: 10 };

test('the newest value is at the right edge, however few there are', () => {
  expect(linePath([0, 10], scale)).toBe('M30 10h.01L40 0');
});

test('a line breaks where a value is missing', () => {
  expect(linePath([5, undefined, 5], scale)).toBe('M20 5h.01M40 5h.01');
  expect(linePath([], scale)).toBe('');
});

test.each([
  [[], 1],
  [[0, undefined], 1],
  [[3], 5],
  [[10], 10],
  [[11, 2], 20],
  [[730], 1_000],
])('the axis for %j ends at %d', (values, maximum) => expect(niceMaximum(values)).toBe(maximum));
