import type { PaymentRow } from '../facts.ts';
import { assign, change, first, testFindings } from './testing/doctor.ts';
import { ada, deduction, payment, sagaIds } from './testing/sound-run.ts';

testFindings('money', [
  [
    'a cent is missing',
    ({ tables }) => assign(first(tables.accounts), { balance: 299 }),
    /the balance is 299/,
  ],
  [
    'a deduction without its payment',
    ({ tables }) => change(tables.payments as Map<string, PaymentRow>, payment, { status: 'CANCELLED' }),
    /1000 KRW charged, 300 on the balance, 0 in payments: 700 lost/,
  ],
  [
    'a deduction made twice',
    ({ tables }) => {
      tables.ledger.push({
        ...(tables.ledger[1] as (typeof tables.ledger)[0]),
        entryId: `${deduction.slice(0, -1)}9`,
        entryNo: 3,
        balanceAfter: -400,
      });
      assign(first(tables.accounts), { balance: -400, entries: 3 });
    },
    /has taken 1400, not 700/,
  ],
  [
    'a refund of a payment that stands',
    ({ tables }) => {
      tables.ledger.push({
        entryId: `${deduction.slice(0, -1)}9`,
        userId: ada,
        entryNo: 3,
        kind: 'refund',
        debitAccount: 'sales',
        creditAccount: 'user',
        amount: 700,
        currency: 'KRW',
        balanceAfter: 1_000,
        commandId: `${sagaIds.pay}/deduct-balance/undo`,
        chargeKey: null,
        createdAt: 3,
      });
      assign(first(tables.accounts), { balance: 1_000, entries: 3 });
    },
    /700 too much/,
  ],
  [
    'what one user lacks another has',
    ({ tables }) => {
      first(tables.accounts).balance -= 1;
      (tables.accounts[1] as { balance: number }).balance += 1;
    },
    /1 lost\n.*\n.*1 too much/,
  ],
  [
    'an entry that does not follow from the one before',
    ({ tables }) => assign(first(tables.ledger), { balanceAfter: 999 }),
    /leaves 999 where it should leave 1000/,
  ],
  [
    'an entry that is gone, though the balance knows of it',
    ({ tables }) => void tables.ledger.pop(),
    /has had 2 entries, the ledger has 1/,
  ],
  [
    'money that comes from nowhere',
    ({ tables }) => assign(first(tables.accounts), { balance: 301 }),
    /all accounts in KRW together hold 1/,
  ],
  [
    "an entry in another currency than its account's",
    ({ tables }) => assign(first(tables.ledger), { currency: 'EUR' }),
    /entry 1 in EUR is in the place of 1 in KRW/,
  ],
  [
    'a payment in a currency that was never charged',
    ({ tables }) => change(tables.payments as Map<string, PaymentRow>, payment, { currency: 'EUR' }),
    /without an account/,
  ],
]);
