import { describe, expect, test } from '@jest/globals';
import { time, wholeNumber } from './arguments.ts';

describe('a time', () => {
  test.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%s is so long ago', (text, ms) => {
    expect(Math.abs(Date.now() - ms - Date.parse(time(text)))).toBeLessThan(5_000);
  });

  test('may be given as such', () => {
    expect(time('2026-11-24T03:00:00+09:00')).toBe('2026-11-23T18:00:00.000Z');
  });

  test.each(['yesterday', '2x', '', '-1h'])('%p is none', (text) => {
    expect(() => time(text)).toThrow(/expected/);
  });
});

test.each(['0', '-1', '1.5', 'x', '99999999999999999999'])('%p is no whole number', (text) => {
  expect(() => wholeNumber(text)).toThrow(/expected/);
});
