import { expect, test } from '@jest/globals';
import { mutations } from './mutations.ts';
import { simulate } from './simulate.ts';

const atMost = 80;

test.each(Object.entries(mutations))('%s: a promise is seen to break', async (_, mutation) => {
  for (let seed = 1; seed <= atMost; seed++) {
    const { violations } = await simulate(seed, mutation);
    if (violations.length > 0) return;
  }
  expect(`caught within ${atMost} seeds`).toBe('not caught');
});
