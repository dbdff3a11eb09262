import { setTimeout as sleep } from 'node:timers/promises';
import { persist } from '../api/persist.ts';
import type { Guest, Storm } from './storm.ts';

const patienceMs = 120_000;

/** Waits in the concert's queue. @returns the active token; undefined for who has lost patience and left */
export async function waitInQueue(
  { api, concertId }: Storm,
  { user, random }: Guest,
): Promise<string | undefined> {
  const deadline = Date.now() + patienceMs;
  let place = await persist(() => api.issueToken(user, { concertId }, { expect: ['201'] }));
  if (!place.ok) return undefined;
  const { token } = place.body;
  while (place.body.status !== 'ACTIVE') {
    if (Date.now() > deadline) {
      await api.leave(user, token);
      return undefined;
    }
    await sleep(random.between(400, 800));
    place = await persist(() => api.myToken(user, token));
    if (!place.ok) return undefined;
  }
  return token;
}
