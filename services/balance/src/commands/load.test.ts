import { deduct, loadBalance } from '@holdfast/shared/contracts/balance';
import type { Money } from '@holdfast/shared/contracts/values';
import { laterSaga, todo } from '@holdfast/shared/testing/commands';
import { describe, expect, test } from '@jest/globals';
import { account, apply, krw, someoneElse, stateWith, userId } from '../testing/batch.ts';

const load = (price: Money | undefined, of = userId) => {
  const state = stateWith(account);
  const [decision] = apply(state, [todo(loadBalance, { userId: of, ...(price && { price }) })]);
  expect(state.accounts.get(userId)).toBe(account);
  return decision?.reply;
};

describe('load', () => {
  test.each([0, 999, 1_000])('tells a balance that covers %d', (amount) => {
    expect(load(krw(amount))).toEqual({ outcome: 'done', result: { balance: krw(1_000) } });
  });

  test('refuses what deduct would refuse', () => {
    expect(load(krw(1_001))).toEqual({ outcome: 'refused', code: 'insufficient-balance' });
    expect(load(krw(1), someoneElse)).toEqual({ outcome: 'refused', code: 'user-not-found' });
    expect(load({ amount: 1, currency: 'EUR' })).toEqual({
      outcome: 'refused',
      code: 'currency-mismatch',
      detail: 'the account is in KRW',
    });
  });

  test('needs no price where it is not known yet', () => {
    expect(load(undefined)).toEqual({ outcome: 'done', result: { balance: krw(1_000) } });
    expect(load(undefined, someoneElse)).toEqual({ outcome: 'refused', code: 'user-not-found' });
  });

  test('sees what the batch has deducted before it', () => {
    const commands = [
      todo(deduct, { userId, price: krw(600) }),
      todo(loadBalance, { userId, price: krw(600) }, laterSaga),
    ];
    expect(apply(stateWith(account), commands)[1]?.reply).toMatchObject({ code: 'insufficient-balance' });
  });
});
