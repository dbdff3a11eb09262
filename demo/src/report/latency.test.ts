import { expect, it } from '@jest/globals';
import { percentile } from './latency.ts';

it('takes the nearest rank', () => {
  const values = [40, 10, 30, 20];
  expect([0.5, 0.95, 0.99].map((share) => percentile(values, share))).toEqual([20, 40, 40]);
});
