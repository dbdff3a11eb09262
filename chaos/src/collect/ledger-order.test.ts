import { expect, it } from '@jest/globals';
import type { LedgerRow } from '../facts.ts';
import { inOrderOfDecision } from './ledger-order.ts';

const entry = (
  ms: string,
  tail: string,
  kind: LedgerRow['kind'],
  amount: number,
  balanceAfter: number,
): LedgerRow => ({
  entryId: `${ms}-7000-8000-${tail}`,
  userId: 'user',
  kind,
  amount,
  balanceAfter,
  commandId: null,
});
const charge = entry('01990000-0001', '0', 'charge', 100, 100);
const deduct = entry('01990000-0002', 'b', 'deduct', 30, 70);
const refund = entry('01990000-0002', 'a', 'refund', 30, 100);

it('orders what two instances decided within a millisecond by the balance that each left', () => {
  expect(inOrderOfDecision([charge, refund, deduct])).toEqual([charge, deduct, refund]);
});

it('leaves entries where they are that follow from nothing', () => {
  const stray = entry('01990000-0003', '0', 'deduct', 1, 5);
  expect(inOrderOfDecision([charge, stray])).toEqual([charge, stray]);
});
