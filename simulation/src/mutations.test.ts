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
  const name = 'no fence, and pruned under a transaction that hangs';
  const seed = seeds.get(name) as number;
  const brokenIn = async (mutation: Mutation) =>
    (await simulate(seed, mutation)).violations.map(({ promise }) => promise);
  const broken = await brokenIn(mutations[name]);

  // A transaction that hangs may keep a run from coming to rest, with a fence or without: that is none of these.
  for (const control of [prunedUnderHanging, { ...hanging, ...withoutFence }])
    for (const promise of await brokenIn(control)) expect(broken).not.toContain(promise);
});
