import { deduct, refund } from '@holdfast/shared/contracts/balance';
import type { Money } from '@holdfast/shared/contracts/values';
import { laterSaga, saga, todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { account, apply, balanceIn, krw, movesIn, someoneElse, stateWith, userId } from '../testing/batch.ts';

const take = (price: Money, by = saga) => todo(deduct, { userId, price }, by);

describe('deduct', () => {
  test('takes the price off the balance, writes it down, and says so', () => {
    const state = stateWith(account);
    const [decision] = apply(state, [take(krw(300))]);
    expect(decision?.reply).toEqual({ outcome: 'done', result: { balance: krw(700) } });
    expect(balanceIn(state)).toBe(700);

    const [entry] = state.entries.values();
    expect(entry).toMatchObject({ userId, kind: 'deduct', amount: 300, balanceAfter: 700 });
    expect(entry).toMatchObject({ entryNo: 1, currency: 'KRW', reservationId: null });
    expect(entry?.commandId).toBe(take(krw(300)).id);
    expect(decision?.events).toEqual([
      {
        type: 'balance.deducted',
        key: userId,
        data: { userId, entryId: entry?.entryId, money: krw(300), balance: krw(700) },
      },
    ]);
  });

  test('takes the last unit, and not one more', () => {
    const state = stateWith(account);
    const replies = apply(state, [take(krw(1_000)), take(krw(1), laterSaga)]).map(({ reply }) => reply);
    expect(replies).toMatchObject([{ outcome: 'done' }, { code: 'insufficient-balance' }]);
    expect(balanceIn(state)).toBe(0);
  });

  test.each<[string, object, string]>([
    ['more than there is', { price: krw(1_001) }, 'insufficient-balance'],
    ['another currency', { price: { amount: 1, currency: 'EUR' } }, 'currency-mismatch'],
    ['nothing, in another currency', { price: { amount: 0, currency: 'EUR' } }, 'currency-mismatch'],
    ['from nobody', { userId: someoneElse }, 'user-not-found'],
  ])('refuses to take %s, and changes nothing', (_, payload, code) => {
    const state = stateWith(account);
    const [decision] = apply(state, [todo(deduct, { userId, price: krw(1), ...payload })]);
    expect(decision).toMatchObject({ reply: { outcome: 'refused', code }, events: [] });
    expect(state.accounts.get(userId)).toBe(account);
    expect(movesIn(state)).toEqual([]);
  });

  test('folds two of one user in a batch into one change, each with its entry', () => {
    const state = stateWith(account);
    const replies = apply(state, [take(krw(300)), take(krw(200), laterSaga)]).map(({ reply }) => reply);
    expect(replies).toMatchObject([{ result: { balance: krw(700) } }, { result: { balance: krw(500) } }]);
    expect(balanceIn(state)).toBe(500);
    expect(movesIn(state)).toEqual([
      ['deduct', 300, 700],
      ['deduct', 200, 500],
    ]);
  });

  test('writes down what was paid for, where it is told', () => {
    const state = stateWith(account);
    const reservationId = '60000000-0000-4000-8000-000000000000';
    apply(state, [todo(deduct, { userId, price: krw(300), reservationId })]);
    expect([...state.entries.values()]).toMatchObject([{ reservationId }]);
  });

  test('leaves another account of the batch alone', () => {
    const other = { ...account, userId: someoneElse };
    const state = stateWith(account, other);
    apply(state, [take(krw(300))]);
    expect(state.accounts.get(someoneElse)).toBe(other);
  });

  test('asked for twice in a batch, takes once and answers the same', () => {
    const state = stateWith(account);
    const [first, second] = apply(state, [take(krw(300)), take(krw(300))]);
    expect(second).toEqual(first);
    expect(movesIn(state)).toEqual([['deduct', 300, 700]]);
  });

  test('refused once, stays refused, though the money is there by now', () => {
    const rich = stateWith(account);
    const refused = { outcome: 'refused' as const, code: 'insufficient-balance' };
    const inbox = new Map([[take(krw(300)).id, { reply: refused, events: [] }]]);
    expect(apply(rich, [take(krw(300))], inbox)).toMatchObject([{ reply: refused }]);
    expect(balanceIn(rich)).toBe(1_000);
  });

  test('writes nothing down for a free ticket', () => {
    const state = stateWith(account);
    expect(apply(state, [take(krw(0))])).toMatchObject([
      { reply: { result: { balance: krw(1_000) } }, events: [] },
    ]);
    expect(movesIn(state)).toEqual([]);
  });

  test('can never run once it has been undone', () => {
    const state = stateWith(account);
    const decisions = apply(state, [undo(refund, { userId }), take(krw(300))]);
    expect(decisions.map(({ reply }) => reply)).toEqual([{ outcome: 'done', result: {}, effect: 'none' }]);
    expect(state.accounts.get(userId)).toBe(account);
  });
});
