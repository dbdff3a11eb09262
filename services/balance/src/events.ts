import type {
  balanceCharged,
  balanceCredited,
  balanceDeducted,
  balanceRefunded,
} from '@holdfast/shared/contracts/balance';
import { type EventMessage, occurred } from '@holdfast/shared/contracts/protocol';
import type { Entry } from './state.ts';

/** What a ledger entry is to the world. */
export const moved = (
  event: typeof balanceCharged | typeof balanceDeducted | typeof balanceRefunded | typeof balanceCredited,
  { userId, entryId, amount, balanceAfter }: Entry,
  currency: string,
): EventMessage =>
  occurred(event, {
    userId,
    entryId,
    money: { amount, currency },
    balance: { amount: balanceAfter, currency },
  });
