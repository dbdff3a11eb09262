import { expect, test } from '@jest/globals';
import { planSession } from './plan.ts';

const sizes = { users: 100, seats: 5_000 };
const plan = (seed: number) => Array.from({ length: 2_000 }, (_, number) => planSession(seed, number, sizes));

test('a seed is a plan, and another seed is another', () => {
  expect(plan(1)).toEqual(plan(1));
  expect(plan(1)).not.toEqual(plan(2));
});

test('sessions differ in what they do', () => {
  const sessions = plan(1);
  const share = (is: (session: (typeof sessions)[number]) => boolean): number =>
    sessions.filter(is).length / sessions.length;
  expect(share(({ next }) => next === 'pay' || next === 'refund')).toBeCloseTo(0.7, 1);
  expect(share(({ next }) => next === 'pay-late')).toBeGreaterThan(0.04);
  expect(share(({ next }) => next === 'cancel-and-pay')).toBeGreaterThan(0.02);
  expect(share(({ together }) => together > 1)).toBeCloseTo(0.3, 1);
  expect(share(({ hold }) => hold.fault !== undefined)).toBeCloseTo(0.06, 1);
  expect(share(({ hold }) => hold.again !== 'no')).toBeCloseTo(0.1, 1);
  // Rivals: several go for one seat.
  expect(new Set(sessions.map(({ seat }) => seat)).size).toBeLessThan(sessions.length * 0.95);
});
