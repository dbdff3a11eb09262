import { expect } from '@jest/globals';
import { eventually } from './eventually.ts';
import type { TestSystem } from './system.ts';

/**
 * Redis is told once the end is committed, a moment after the saga may be seen to have ended; and who prolongs leases in
 * that moment has the lock once more, and gives it back. Within less than what is left of its lease, though.
 */
export async function expectUnlocked(
  { locksOf }: Pick<TestSystem, 'locksOf'>,
  ...concertSeatIds: string[]
): Promise<void> {
  for (const id of concertSeatIds) {
    expect(await locksOf(id)).toMatchObject({ row: undefined });
    await eventually(async () => expect(await locksOf(id)).toMatchObject({ redis: null }), 3_000);
  }
}
