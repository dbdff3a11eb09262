import { expect, test } from '@jest/globals';
import { isFailing } from './scenarios.ts';

test.each([
  [0, 0],
  [0.3, 300],
  [1, 1_000],
])('of a thousand payments at a share of %d, %d fail', (share, failing) => {
  expect(Array.from({ length: 1_000 }, (_, i) => isFailing(i, share)).filter(Boolean)).toHaveLength(failing);
});
