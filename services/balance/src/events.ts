import type { balanceCharged } from '@holdfast/shared/contracts/balance';
import { type EventMessage, occurred } from '@holdfast/shared/contracts/protocol';
import type { Entry } from './state.ts';

/** What a ledger entry is to the world. */
export const moved = (
  event: typeof balanceCharged,
  { userId, entryId, amount, currency, balanceAfter }: Entry,
): EventMessage =>
  occurred(event, {
    userId,
    entryId,
    money: { amount, currency },
    balance: { amount: balanceAfter, currency },
  });
