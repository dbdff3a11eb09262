import { expect, test } from '@jest/globals';
import { hanging, type Mutation, mutations, prunedUnderHanging, withoutFence } from './mutations.ts';
import { simulate } from './simulate.ts';

const atMost = 80;

/** The first seed that shows what the mutation breaks. */
async function brokenBy(mutation: Mutation): Promise<number | undefined> {
  for (let seed = 1; seed <= atMost; seed++)
    if ((await simulate(seed, mutation)).violations.length > 0) return seed;
  return undefined;
}

const seeds = new Map<string, number | undefined>();

test.each(Object.entries(mutations))('%s: a promise is seen to break', async (name, mutation) => {
  seeds.set(name, await brokenBy(mutation));

  expect(seeds.get(name)).toBeLessThanOrEqual(atMost);
});

test('the fence alone holds a transaction off that was pruned under; and so does not pruning under it', async () => {
  const seed = seeds.get('no fence, and pruned under a transaction that hangs') as number;

  expect((await simulate(seed, prunedUnderHanging)).violations).toEqual([]);
  expect((await simulate(seed, { ...hanging, ...withoutFence })).violations).toEqual([]);
});
