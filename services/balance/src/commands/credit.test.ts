import { credit, revertCredit } from '@holdfast/shared/contracts/balance';
import { todo, undo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { account, apply, balanceIn, krw, movesIn, someoneElse, stateWith, userId } from '../testing/batch.ts';

const give = todo(credit, { userId, price: krw(300) });
const revert = undo(revertCredit, { userId });

describe('credit', () => {
  test('puts the price on the balance, writes it down, and says so', () => {
    const state = stateWith(account);
    const [decision] = apply(state, [give]);
    expect(decision?.reply).toEqual({ outcome: 'done', result: { balance: krw(1_300) } });
    expect(balanceIn(state)).toBe(1_300);
    expect(movesIn(state)).toEqual([['credit', 300, 1_300]]);
    expect(decision?.events).toMatchObject([
      { type: 'balance.credited', key: userId, data: { userId, money: krw(300), balance: krw(1_300) } },
    ]);
  });

  test('of a free ticket writes nothing down', () => {
    const state = stateWith(account);
    const [decision] = apply(state, [todo(credit, { userId, price: krw(0) })]);
    expect(decision).toMatchObject({ reply: { result: { balance: krw(1_000) } }, events: [] });
    expect(movesIn(state)).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['in another currency', { price: { amount: 1, currency: 'EUR' } }, 'currency-mismatch'],
    ['to nobody', { userId: someoneElse }, 'user-not-found'],
  ])('is refused %s, and changes nothing', (_, payload, code) => {
    const state = stateWith(account);
    const [decision] = apply(state, [todo(credit, { userId, price: krw(1), ...payload })]);
    expect(decision).toMatchObject({ reply: { outcome: 'refused', code }, events: [] });
    expect(movesIn(state)).toEqual([]);
  });
});

describe('revert-credit', () => {
  test('lets a credit stand that has run: the money may be spent', () => {
    const state = stateWith(account);
    expect(apply(state, [give, revert])[1]?.reply).toMatchObject({ outcome: 'done', effect: 'stands' });
    expect(balanceIn(state)).toBe(1_300);
  });

  test('before the credit, keeps it from ever running', () => {
    const state = stateWith(account);
    expect(apply(state, [revert, give]).map(({ reply }) => reply)).toMatchObject([{ effect: 'none' }]);
    expect(balanceIn(state)).toBe(1_000);
  });
});
