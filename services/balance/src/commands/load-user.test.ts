import { loadUser } from '@holdfast/shared/contracts/balance';
import { todo } from '@holdfast/shared/testing/commands';
import { expect, test } from '@jest/globals';
import { account, apply, someoneElse, stateWith, userId } from '../testing/batch.ts';

test('load-user finds who has an account, and nobody else', () => {
  const commands = [todo(loadUser, { userId }), todo(loadUser, { userId: someoneElse })];
  expect(apply(stateWith(account), commands).map(({ reply }) => reply)).toEqual([
    { outcome: 'done', result: {} },
    { outcome: 'refused', code: 'user-not-found' },
  ]);
});
