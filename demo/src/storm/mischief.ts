import { randomUUID } from 'node:crypto';
import { persist } from '../api/persist.ts';
import type { Guest, Storm } from './storm.ts';

/** What must not work, whoever tries it. */

/** Tries to hold a second seat with a token that has done its work. */
export async function reuseToken({ api, spare }: Storm, { user }: Guest, token: string): Promise<void> {
  const seat = spare.pop();
  if (!seat) return;
  const options = { key: randomUUID(), step: 'reserve, with a used token', expect: ['403 token-not-active'] };
  await persist(() => api.reserve(user, token, [seat.concertSeatId], options));
}

/** Tries to pay for the seat that another user holds: it has to look as if there were no such reservation. */
export async function payForAnothers({ api, journal }: Storm, guest: Guest, token: string): Promise<void> {
  const { user, random } = guest;
  const [hold] = random.shuffle(journal.holds);
  if (!hold) return;
  const { reservationId } = hold;
  const expect = ['404 reservation-not-found'];
  const ask = { step: "ask to pay another's hold", expect };
  await persist(() => api.issueToken(user, { reservationId }, ask));
  const pay = { key: randomUUID(), step: "pay another's hold", expect };
  await persist(() => api.pay(user, token, reservationId, pay));
}
