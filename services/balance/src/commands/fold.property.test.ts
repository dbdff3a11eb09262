import { deduct, loadBalance, refund } from '@holdfast/shared/contracts/balance';
import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import type { Inbox } from '@holdfast/shared/participant/decide';
import { todo, undo } from '@holdfast/shared/testing/commands';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Account, move, type State, stateOf } from '../state.ts';
import { userId as ada, apply, someoneElse as bob, krw } from '../testing/batch.ts';
import { signed } from '../transfers.ts';

/**
 * Whatever comes, in whatever order, however often and cut into whatever batches: each user has what a plain account of
 * what happened says.
 */

const users = [ada, bob];

type Act =
  | { is: 'charge'; user: number; amount: number }
  | { is: 'deduct' | 'refund' | 'look'; saga: number; amount: number };

/** A saga is about one user, so that a refund is of its own deduction. */
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ is: fc.constant('charge' as const), user: fc.nat(1), amount: fc.integer({ min: 1, max: 50 }) }),
  fc.record({
    is: fc.constantFrom('deduct' as const, 'refund' as const, 'look' as const),
    saga: fc.nat(9),
    amount: fc.nat(60),
  }),
);

const userOf = (saga: number): string => users[saga % 2] as string;
const sagaOf = (saga: number) => ({
  sagaId: `50000000-0000-4000-8000-00000000000${saga}`,
  sagaNo: 100 + saga,
});

/** One after the other, each on its own: numbers, and what was decided about each saga. */
function modelled(acts: readonly Act[]): { balances: Record<string, number>; moves: number[][] } {
  const balances: Record<string, number> = { [ada]: 0, [bob]: 0 };
  const moves: Record<string, number[]> = { [ada]: [], [bob]: [] };
  /** What its deduction has taken; `refused`, or `never` where the refund came first. */
  const sagas = new Map<number, number | 'refused' | 'never'>();
  const undone = new Set<number>();
  const change = (user: string, by: number) => {
    if (by === 0) return;
    balances[user] = (balances[user] as number) + by;
    moves[user]?.push(by);
  };
  for (const one of acts) {
    if (one.is === 'charge') change(users[one.user] as string, one.amount);
    if (one.is === 'deduct' && !sagas.has(one.saga)) {
      const user = userOf(one.saga);
      const covered = (balances[user] as number) >= one.amount;
      sagas.set(one.saga, covered ? one.amount : 'refused');
      if (covered) change(user, -one.amount);
    }
    if (one.is === 'refund' && !undone.has(one.saga)) {
      undone.add(one.saga);
      const taken = sagas.get(one.saga);
      if (taken === undefined) sagas.set(one.saga, 'never');
      if (typeof taken === 'number') change(userOf(one.saga), taken);
    }
  }
  return { balances, moves: users.map((user) => moves[user] as number[]) };
}

function commandOf(one: Exclude<Act, { is: 'charge' }>): CommandMessage {
  const payload = { userId: userOf(one.saga), price: krw(one.amount) };
  if (one.is === 'refund') return undo(refund, payload, sagaOf(one.saga));
  return one.is === 'deduct'
    ? todo(deduct, payload, sagaOf(one.saga))
    : { ...todo(loadBalance, payload, sagaOf(one.saga)), id: `${one.saga}/look` };
}

/** What an earlier batch has saved is what the next one loads. */
type Stored = {
  state: State;
  inbox: Map<string, Inbox extends ReadonlyMap<string, infer Row> ? Row : never>;
};

function applyBatch({ state, inbox }: Stored, batch: readonly Act[]): Stored {
  const next = stateOf(state.accounts.values(), state.entries.values());
  // A charge is a transaction of its own: it comes between batches.
  const [first] = batch;
  if (first?.is === 'charge')
    move(next, next.accounts.get(users[first.user] as string) as Account, {
      kind: 'charge',
      amount: first.amount,
    });
  const commands = batch.flatMap((one) => (one.is === 'charge' ? [] : [commandOf(one)]));
  const known = new Map(inbox);
  for (const { command, reply, events } of apply(next, commands, inbox))
    if (command.type !== loadBalance.type) known.set(command.id, { reply, events });
  for (const { id, action } of commands)
    if (action === 'undo') {
      const undoes = id.replace(/undo$/, 'do');
      if (!known.has(undoes)) known.set(undoes, null);
    }
  return { state: next, inbox: known };
}

/** Cuts a history where it is told to, and around each charge. */
function batches(acts: readonly Act[], cuts: readonly boolean[]): Act[][] {
  const cut: Act[][] = [];
  acts.forEach((one, i) => {
    const previous = acts[i - 1];
    const begins = i === 0 || one.is === 'charge' || previous?.is === 'charge' || cuts[i % cuts.length];
    if (begins) cut.push([one]);
    else cut.at(-1)?.push(one);
  });
  return cut;
}

const empty = (): Stored => ({
  state: stateOf(
    users.map((userId) => ({ userId, currency: 'KRW', balance: 0, entries: 0 })),
    [],
  ),
  inbox: new Map(),
});

test('batches of charges, deductions and refunds come to what they come to one by one', () => {
  fc.assert(
    fc.property(
      fc.array(act, { maxLength: 60 }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
      (acts, cuts) => {
        const { state } = batches(acts, cuts).reduce(applyBatch, empty());
        const { balances, moves } = modelled(acts);
        for (const [i, user] of users.entries()) {
          const entries = [...state.entries.values()].filter(({ userId }) => userId === user);
          expect(entries.map(signed)).toEqual(moves[i]);
          expect(entries.map(({ entryNo }) => entryNo)).toEqual(entries.map((_, place) => place + 1));
          expect(state.accounts.get(user)).toMatchObject({
            balance: balances[user],
            entries: entries.length,
          });
          let balance = 0;
          for (const entry of entries) {
            balance += signed(entry);
            expect(entry.balanceAfter).toBe(balance);
            expect(balance).toBeGreaterThanOrEqual(0);
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});
