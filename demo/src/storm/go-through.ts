import { holdAny } from './hold.ts';
import { payForAnothers, reuseToken } from './mischief.ts';
import { payFor } from './pay.ts';
import { waitInQueue } from './queue.ts';
import type { Guest, Storm } from './storm.ts';

const reuseShare = 0.25;
const strangerShare = 0.3;

/** One user's way: through the queue, to a seat if there is one left, and to paying it. */
export async function goThrough(storm: Storm, guest: Guest): Promise<void> {
  const { user, random } = guest;
  const token = await waitInQueue(storm, guest);
  if (token === undefined) return;
  const hold = await holdAny(storm, guest, token);
  if (hold) {
    if (random.chance(reuseShare)) await reuseToken(storm, guest, token);
    await payFor(storm, guest, hold);
    return;
  }
  if (random.chance(strangerShare)) await payForAnothers(storm, guest, token);
  // So that the next in the queue gets the place.
  await storm.api.leave(user, token);
}
