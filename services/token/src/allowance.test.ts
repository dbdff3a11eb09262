import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allowance, none, noted } from './allowance.ts';

const start = Date.parse('2026-11-24T12:00:00.000Z');

test('in no second, wherever it begins, more are admitted than allowed', () => {
  const asks = fc.array(fc.record({ afterMs: fc.nat(700), wanted: fc.nat(40) }), { maxLength: 60 });
  fc.assert(
    fc.property(asks, fc.nat(30), (asks, maxPerSecond) => {
      const admitted: number[] = [];
      let recent = none;
      let at = start;
      for (const { afterMs, wanted } of asks) {
        at += afterMs;
        const now = new Date(at);
        const count = Math.min(wanted, allowance(recent, now, maxPerSecond));
        recent = noted(recent, now, count);
        admitted.push(...Array<number>(count).fill(at));
      }
      for (const from of admitted) {
        const inThatSecond = admitted.filter((at) => at >= from && at < from + 1_000);
        expect(inThatSecond.length).toBeLessThanOrEqual(maxPerSecond);
      }
    }),
  );
});

test('whoever has waited long enough is admitted, as many as allowed', () => {
  const full = noted(none, new Date(start), 10);
  expect(allowance(full, new Date(start + 999), 10)).toBe(0);
  expect(allowance(full, new Date(start + 1_100), 10)).toBe(10);
  expect(allowance(full, new Date(start), 25)).toBe(15);
});

test('a clock that is set back admits nobody twice', () => {
  const full = noted(none, new Date(start), 10);
  expect(allowance(full, new Date(start - 60_000), 10)).toBe(0);
});

test('what is remembered stays small', () => {
  let recent = none;
  for (let i = 0; i < 100; i++) recent = noted(recent, new Date(start + 130 * i), 1);
  expect(recent.counts.length).toBeLessThanOrEqual(11);
});
