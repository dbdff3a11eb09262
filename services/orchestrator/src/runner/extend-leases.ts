import type { Locks } from './locks.ts';
import type { HeldLock } from './store.ts';

/**
 * Prolongs the leases of what is held. A saga that has ended since it was looked up has given its lock back already, and
 * would have it once more, for a lease in which nobody else has the seats: so what is held by nobody is given back again.
 *
 * @param held the locks of unfinished sagas, by the database
 */
export async function extendLeases(
  locks: Pick<Locks, 'extend' | 'release'>,
  held: () => Promise<HeldLock[]>,
): Promise<void> {
  const before = await held();
  if (before.length === 0) return;
  await locks.extend(before);
  const left = new Set((await held()).map(({ value }) => value));
  await locks.release(before.filter(({ value }) => !left.has(value)));
}
