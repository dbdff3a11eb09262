import { expect, test } from '@jest/globals';
import { extendLeases } from './extend-leases.ts';
import type { HeldLock } from './store.ts';

test('a lock whose saga ends while its lease is prolonged is given back; the others are kept', async () => {
  const [ending, going]: [HeldLock, HeldLock] = [
    { keys: ['seat:1', 'seat:2'], value: 'ending' },
    { keys: ['seat:3'], value: 'going' },
  ];
  const redis = new Set<HeldLock>();
  let held = [ending, going];
  await extendLeases(
    {
      extend: async (locks) => {
        held = [going];
        for (const lock of locks) redis.add(lock);
      },
      release: async (locks) => {
        for (const lock of locks) redis.delete(lock);
      },
    },
    async () => held,
  );
  expect([...redis]).toEqual([going]);
});
