import { expect, test } from '@jest/globals';
import { simulate } from './simulate.ts';

const fresh = Math.floor(Math.random() * 1e9);
const seen = { sagas: 0, completed: 0, parked: 0 };

test.each([1, 2, 3, 4, 5, fresh])('every promise holds with seed %i', async (seed) => {
  const { violations, sagas, completed, parked } = await simulate(seed);
  seen.sagas += sagas;
  seen.completed += completed;
  seen.parked += parked;
  expect(violations).toEqual([]);
});

test('enough has happened in these runs to prove something', () => {
  expect(seen.sagas).toBeGreaterThan(500);
  expect(seen.completed).toBeGreaterThan(50);
  expect(seen.parked).toBeGreaterThan(0);
});

test('a seed is the same run each time', async () => {
  const { trace: _, ...once } = await simulate(fresh);
  const { trace: __, ...again } = await simulate(fresh);

  expect(again).toEqual(once);
});
