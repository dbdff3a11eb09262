import Type from 'typebox';
import { command, event } from './define.ts';
import { Balance, Money, Uuid } from './values.ts';

const Account = Type.Object({ userId: Uuid });
const Transfer = Type.Object({ userId: Uuid, price: Money });

export const loadUser = command('balance', 'load-user', {
  key: 'userId',
  payload: Account,
  refusals: ['user-not-found'],
});

export const loadBalance = command('balance', 'load', {
  key: 'userId',
  payload: Type.Object({
    userId: Uuid,
    price: Type.Optional(
      Type.Object(Money.properties, { description: 'what the balance has to cover; without it, any does' }),
    ),
  }),
  result: Type.Object({ balance: Balance }),
  refusals: ['user-not-found', 'currency-mismatch', 'insufficient-balance'],
});

export const deduct = command('balance', 'deduct', {
  key: 'userId',
  payload: Type.Object({
    ...Transfer.properties,
    reservationId: Type.Optional(
      Type.String({ ...Uuid, description: 'what is paid for: users see it in their history' }),
    ),
  }),
  result: Type.Object({ balance: Balance }),
  refusals: ['user-not-found', 'currency-mismatch', 'insufficient-balance'],
});

/** Undoes {@link deduct}. */
export const refund = command('balance', 'refund', { key: 'userId', payload: Account });

/** Puts the price of a refunded payment on the balance. It may be spent at once: so it can't be taken back. */
export const credit = command('balance', 'credit', {
  key: 'userId',
  payload: Transfer,
  result: Type.Object({ balance: Balance }),
  refusals: ['user-not-found', 'currency-mismatch'],
});

/** Undoes {@link credit}: from now on it can't run. Where it had run it stays so: the answer then says `stands`. */
export const revertCredit = command('balance', 'revert-credit', { key: 'userId', payload: Account });

const Movement = Type.Object({ userId: Uuid, entryId: Uuid, money: Money, balance: Balance });

export const balanceCharged = event('balance', 'charged', {
  key: 'userId',
  data: Movement,
  description: 'A user put money on their balance.',
});

export const balanceDeducted = event('balance', 'deducted', {
  key: 'userId',
  data: Movement,
  description:
    'A payment took money off a balance. It may still be refunded: follow payment.completed for sales.',
});

export const balanceRefunded = event('balance', 'refunded', {
  key: 'userId',
  data: Movement,
  description: 'A payment failed and its money is back on the balance.',
});

export const balanceCredited = event('balance', 'credited', {
  key: 'userId',
  data: Movement,
  description: 'A completed payment was refunded and its price is back on the balance.',
});
