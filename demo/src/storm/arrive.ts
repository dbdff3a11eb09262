import { randomUUID } from 'node:crypto';
import type { Money, Seat, User } from '@holdfast/client/types';
import type { Answer } from '../api/client.ts';
import type { Holdfast } from '../api/holdfast.ts';
import { isFinal, persist } from '../api/persist.ts';
import { accountOf, type Journal } from '../journal.ts';
import { createRandom, type Random } from '../random.ts';
import { type Guest, mostTogether } from './storm.ts';

const poorShare = 0.08;
const twiceShare = 0.1;
const otherAmountShare = 0.1;

/** Makes a user and charges their balance: with enough for their seats or, for some, with too little. */
export async function arrive(
  { api, journal, wanted, seed }: { api: Holdfast; journal: Journal; wanted: readonly Seat[]; seed: number },
  index: number,
): Promise<Guest | undefined> {
  const random = createRandom(seed, index);
  const made = await persist(() => api.makeUser(`demo ${index}`));
  if (!made.ok) return undefined;
  const poor = random.chance(poorShare);
  const money = purse(wanted, poor, random);
  await charge({ api, journal }, made.body, money, random);
  return { user: made.body, random, poor };
}

/** Crooked amounts, so that a single unit that goes astray shows. */
function purse(seats: readonly Seat[], poor: boolean, random: Random): Money {
  const amounts = seats.map(({ price }) => price.amount);
  const [min, max] = [Math.min(...amounts), Math.max(...amounts)];
  const { currency } = (seats[0] as Seat).price;
  return {
    amount: poor ? random.between(1, min) : random.between(mostTogether * max, 2 * mostTogether * max),
    currency,
  };
}

/** Some send their charge twice at once, and some use its key for another amount as well: neither may count. */
async function charge(
  { api, journal }: { api: Holdfast; journal: Journal },
  user: User,
  money: Money,
  random: Random,
): Promise<void> {
  const key = randomUUID();
  const send = () => persist(() => api.charge(user, money, { key, expect: ['201'] }));
  const [answer, copy] = await Promise.all(random.chance(twiceShare) ? [send(), send()] : [send()]);
  if (copy) journal.repeats.push({ of: 'charge', answers: [told(answer), told(copy)] });
  noteCharge(journal, user, money, answer);

  if (!random.chance(otherAmountShare)) return;
  const other = { ...money, amount: money.amount + 1 };
  const options = { key, expect: ['422 idempotency-key-reused'], step: 'charge another amount, same key' };
  noteCharge(journal, user, other, await persist(() => api.charge(user, other, options)));
}

export function noteCharge(journal: Journal, user: User, money: Money, answer: Answer<unknown>): void {
  const account = accountOf(journal, user);
  if (answer.ok) account.charged.push(money);
  else if (!isFinal(answer)) account.unanswered++;
}

/** All that a client gets to see of an answer. */
export const told = ({ status, body, outcome }: Answer<unknown>): string =>
  status === 0 ? outcome : `${status} ${JSON.stringify(body)}`;
