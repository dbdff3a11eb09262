import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, User } from './client.ts';

/** An active token, and how to give it back. */
export type Place = { token: string; leave: () => Promise<void> };

const patienceMs = 60_000;

/** Waits until the user is admitted. @returns undefined where that is refused, or takes too long */
export async function queueFor(
  client: Client,
  user: User,
  what: { concertId: string } | { reservationId: string },
): Promise<Place | undefined> {
  const issued = await client.persist({ user, method: 'POST', path: '/v1/tokens', body: what });
  if (issued?.status !== 201) return undefined;
  const own = { user, path: '/v1/tokens/me', queueToken: issued.body.token as string };
  const deadline = Date.now() + patienceMs;
  for (let place = issued; place.body.status !== 'ACTIVE'; ) {
    if (Date.now() > deadline) return undefined;
    await sleep(Math.max(500, place.retryAfterMs));
    const shown = await client.persist({ ...own, method: 'GET' });
    if (shown?.status !== 200) return undefined;
    place = shown;
  }
  return {
    token: own.queueToken,
    leave: async () => {
      await client.send({ ...own, method: 'DELETE' });
    },
  };
}
