import { deduct, refund } from '@holdfast/shared/contracts/balance';
import { hasRun, laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { type Entry, stateOf } from '../state.ts';
import { account, apply, balanceIn, krw, movesIn, someoneElse, stateWith, userId } from '../testing/batch.ts';

const take = (amount: number, by = saga) => todo(deduct, { userId, price: krw(amount) }, by);
const giveBack = (by = saga) => undo(refund, { userId }, by);

/** What an earlier batch has written down. */
const taken: Entry = {
  entryId: '70000000-0000-7000-8000-000000000000',
  userId,
  entryNo: 1,
  kind: 'deduct',
  amount: 300,
  currency: 'KRW',
  balanceAfter: 700,
  commandId: take(300).id,
  chargeKey: null,
  reservationId: '60000000-0000-4000-8000-000000000000',
};

describe('refund', () => {
  test('puts back what the ledger says was taken, and says so', () => {
    const state = stateOf([{ ...account, balance: 50 }], [taken]);
    const [decision] = apply(state, [giveBack()], hasRun(take(300)));
    expect(decision?.reply).toEqual({ outcome: 'done', result: {}, effect: 'undone' });
    expect(balanceIn(state)).toBe(350);
    expect(decision?.events).toEqual([
      {
        type: 'balance.refunded',
        key: userId,
        data: { userId, entryId: expect.any(String), money: krw(300), balance: krw(350) },
      },
    ]);
    expect(state.entries.get(giveBack().id)).toMatchObject({
      kind: 'refund',
      amount: 300,
      balanceAfter: 350,
      reservationId: taken.reservationId,
    });
  });

  test('in one batch with its deduction, leaves the balance as it was and both in the ledger', () => {
    const state = stateWith(account);
    const decisions = apply(state, [take(300), giveBack()]);
    expect(decisions.map(({ events }) => events.map(({ type }) => type))).toEqual([
      ['balance.deducted'],
      ['balance.refunded'],
    ]);
    expect(balanceIn(state)).toBe(1_000);
    expect(movesIn(state)).toEqual([
      ['deduct', 300, 700],
      ['refund', 300, 1_000],
    ]);
  });

  test('makes room for the next deduction of the batch', () => {
    const state = stateWith(account);
    const replies = apply(state, [take(1_000), giveBack(), take(1_000, laterSaga)]);
    expect(replies.map(({ reply }) => reply.outcome)).toEqual(['done', 'done', 'done']);
    expect(balanceIn(state)).toBe(0);
  });

  test("undoes its own saga's deduction only", () => {
    const state = stateWith(account);
    apply(state, [take(300), take(200, laterSaga), giveBack()]);
    expect(balanceIn(state)).toBe(800);
  });

  test('before its deduction, does nothing, and the deduction never runs', () => {
    const state = stateWith(account);
    const decisions = apply(state, [giveBack(), take(300), giveBack()]);
    const nothing = { outcome: 'done', result: {}, effect: 'none' };
    expect(decisions.map(({ reply }) => reply)).toEqual([nothing, nothing]);
    expect(movesIn(state)).toEqual([]);
  });

  test('asked for twice, pays once and answers the same', () => {
    const state = stateOf([account], [taken]);
    const [first, second] = apply(state, [giveBack(), giveBack()], hasRun(take(300)));
    expect(second).toEqual(first);
    expect(balanceIn(state)).toBe(1_300);
  });

  test('does nothing where the deduction was refused', () => {
    const state = stateWith(account);
    const decisions = apply(state, [take(1_001), giveBack()]);
    expect(decisions.map(({ reply }) => reply)).toMatchObject([
      { code: 'insufficient-balance' },
      { effect: 'none' },
    ]);
    expect(balanceIn(state)).toBe(1_000);
  });

  test('has nothing to pay for a free ticket', () => {
    const state = stateWith(account);
    expect(apply(state, [take(0), giveBack()])[1]).toMatchObject({ reply: { effect: 'undone' }, events: [] });
    expect(state.accounts.get(userId)).toBe(account);
  });

  test('for another user than was deducted from, fails and pays nobody', () => {
    const other = { ...account, userId: someoneElse };
    const state = stateOf([other], [taken]);
    const wrong = undo(refund, { userId: someoneElse });
    expect(() => apply(state, [wrong], hasRun(take(300)))).toThrow('is for another user');
    expect(state.accounts.get(someoneElse)).toBe(other);
  });
});
