import { expect, test } from '@jest/globals';
import { simulate } from './simulate.ts';

const fresh = Math.floor(Math.random() * 1e9);
let parkedBefore = 0;

test.each([1, 2, 3, 4, 5, fresh])('every promise holds with seed %i', async (seed) => {
  const { violations, sagas, completed, parked } = await simulate(seed);
  parkedBefore += parked;

  expect(violations).toEqual([]);
  // A run in which nothing happens would prove nothing.
  expect(sagas).toBeGreaterThan(100);
  expect(completed).toBeGreaterThan(10);
});

test('some of these sagas were parked', () => {
  expect(parkedBefore).toBeGreaterThan(0);
});

test('a seed is the same run each time', async () => {
  const { trace: _, ...once } = await simulate(fresh);
  const { trace: __, ...again } = await simulate(fresh);

  expect(again).toEqual(once);
});
