import { expect, test } from '@jest/globals';
import type { Line } from './line.ts';
import { admissionRate, estimatedWaitMs, retryAfterS, type Sample, withSample } from './pace.ts';

const start = Date.parse('2026-11-24T12:00:00.000Z');
const at = (seconds: number) => new Date(start + 1_000 * seconds);

const line = (seconds: number, admitted: number, policy = { maxActive: 600, maxPerSecond: 100 }): Line => ({
  at: at(seconds),
  admitted,
  ...policy,
  lastNo: 0,
  headNo: 0,
  waiting: 0,
  blocks: { first: 0, bits: [], before: [0] },
});
const activeTtlMs = 600_000;

test('a line is as fast as it was in the last minute', () => {
  let samples: Sample[] = [];
  for (let second = 0; second <= 90; second++)
    samples = withSample(samples, { at: at(second), admitted: 20 * second });
  expect(samples).toHaveLength(61);
  expect(admissionRate(line(90, 1_800), samples, activeTtlMs)).toBeCloseTo(20);
});

test('as long as that is not known, at least the places of those count whose time will be over', () => {
  expect(admissionRate(line(0, 0), [], activeTtlMs)).toBe(1);
  const samples = withSample([], { at: at(0), admitted: 0 });
  expect(admissionRate(line(2, 500), samples, activeTtlMs)).toBe(1);
});

test('a line is no faster than the policy allows now, and may stand still', () => {
  const samples = [{ at: at(0), admitted: 0 }];
  expect(admissionRate(line(10, 1_000, { maxActive: 600, maxPerSecond: 5 }), samples, activeTtlMs)).toBe(5);
  expect(admissionRate(line(10, 1_000, { maxActive: 600, maxPerSecond: 0 }), samples, activeTtlMs)).toBe(0);
  expect(estimatedWaitMs(10, 0)).toBeUndefined();
});

test('who is further back is asked to come again later, within bounds', () => {
  const waits = [1, 30, 300, 3_000, 30_000].map((position) => estimatedWaitMs(position, 10));
  expect(waits).toEqual([100, 3_000, 30_000, 300_000, 3_000_000]);
  expect(waits.map((wait) => retryAfterS(wait, 150))).toEqual([1, 1, 6, 60, 150]);
  expect(retryAfterS(undefined, 150)).toBe(150);
});
