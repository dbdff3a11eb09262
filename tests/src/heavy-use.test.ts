import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, type Held, hold, newUser, type Seat, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/**
 * One user under heavy use: from several clients at once they charge, pay, and have payments fail and be undone, on two
 * instances of the balance service and two orchestrators.
 */

let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('heavy-use', {
    instances: { balance: 2, orchestrator: 2 },
    env: { MAX_SEATS_PER_USER: '20' },
  });
  nextSeat = await system.seatSource();
});
afterAll(() => system.stop());

type Entry = { entryId: string; kind: string; amount: number; balanceAfter: number; reservationId?: string };

/** All of a user's history, a few entries at a time, the newest first. */
async function historyOf(user: User): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: Answer = await user.call(
      'GET',
      `/v1/balance/entries?limit=7${cursor && `&cursor=${cursor}`}`,
    );
    expect(page.status).toBe(200);
    entries.push(...page.body.items);
    cursor = page.body.nextCursor;
  }
  return entries;
}

test('never below zero, and to the unit what was charged and not paid', async () => {
  // Enough for about half of the payments; what is charged meanwhile covers some more.
  const seats = Array.from({ length: 13 }, nextSeat);
  const prices = seats.map(({ price }) => price.amount);
  const all = prices.reduce((sum, price) => sum + price, 0);
  const first = Math.round(all / 2);
  const user = await newUser(system.url, first);
  const held: Held[] = [];
  // One after the other: a user has one token for a concert.
  for (const seat of seats) held.push(await hold(user, seat));
  const [last, ...atOnce] = held as [Held, ...Held[]];
  const faults = [
    undefined,
    'payment.create=reject',
    'reservation.confirm=reject',
    'balance.deduct=timeout-after',
  ];

  let going = true;
  const seen: number[] = [];
  const watching = (async () => {
    while (going) seen.push(await user.balance());
  })();
  const charges = Array.from({ length: 40 }, (_, i) => ({ key: randomUUID(), amount: 1_000 + i }));
  await Promise.all([
    ...atOnce.map(async ({ reservationId }, i) => {
      const fault = faults[i % faults.length];
      await user.pay(reservationId, { prefer: 'wait=30', ...(fault && { fault }) });
    }),
    // Each from two clients, which don't know of each other.
    ...[0, 1].map(async () => {
      for (const { key, amount } of charges) {
        const body = { amount, currency: 'KRW' };
        expect((await user.call('POST', '/v1/balance/charges', { body, key })).status).toBe(201);
      }
    }),
  ]);
  await eventually(async () =>
    expect(await system.sql('select 1 from orchestrator.saga where not settled')).toEqual([]),
  );
  // Who came while there was money is chance: those with a fault may have had it all. They have given it back.
  expect((await user.pay(last.reservationId, { prefer: 'wait=30' })).status).toBe(201);
  going = false;
  await watching;

  const statuses = await system.sql(
    `select context ->> 'reservationId' as id, status from orchestrator.saga where type = 'pay'`,
  );
  const completed = new Set(statuses.flatMap(({ id, status }) => (status === 'COMPLETED' ? [id] : [])));
  const spent = held.reduce(
    (sum, seat) => sum + (completed.has(seat.reservationId) ? seat.price.amount : 0),
    0,
  );
  const charged = first + charges.reduce((sum, { amount }) => sum + amount, 0);
  expect(await user.balance()).toBe(charged - spent);
  expect(completed.size).toBeLessThan(held.length);
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(0);

  // The history says how it came to that, entry by entry.
  const entries = await historyOf(user);
  expect(new Set(entries.map(({ entryId }) => entryId)).size).toBe(entries.length);
  let balance = 0;
  for (const entry of entries.toReversed()) {
    balance += entry.amount;
    expect(entry.balanceAfter).toBe(balance);
    expect(balance).toBeGreaterThanOrEqual(0);
  }
  expect(balance).toBe(charged - spent);
  expect(entries.filter(({ kind }) => kind === 'charge')).toHaveLength(1 + charges.length);
  for (const { reservationId } of held) {
    const about = entries.filter((entry) => entry.reservationId === reservationId);
    const taken = about.reduce((sum, { amount }) => sum - amount, 0);
    expect(taken > 0).toBe(completed.has(reservationId));
  }
  expect(entries.some(({ kind }) => kind === 'refund')).toBe(true);
}, 150_000);
