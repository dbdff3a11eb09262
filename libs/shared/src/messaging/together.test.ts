import { expect, test } from '@jest/globals';
import { together } from './together.ts';

test('what comes at once is handled as one, and each for itself where that fails', async () => {
  const handled: string[][] = [];
  const handle = together<string>(async (messages) => {
    handled.push(messages);
    if (messages.includes('bad')) throw new Error('bad');
  });
  await Promise.all([handle(['a', 'b']), handle(['c'])]);
  expect(handled.splice(0)).toEqual([['a', 'b', 'c']]);

  const results = await Promise.allSettled([handle(['d']), handle(['bad']), handle(['e'])]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(handled.splice(0)).toEqual([['d', 'bad', 'e'], ['d'], ['bad'], ['e']]);

  await expect(handle(['bad'])).rejects.toThrow('bad');
  expect(handled).toEqual([['bad']]);
});
