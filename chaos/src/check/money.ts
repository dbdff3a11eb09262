import type { LedgerRow, SagaRow, Tables } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import type { Violation } from './violation.ts';

/**
 * For each user: every ledger entry continues the one before it, their end is the balance, and what was charged is on
 * the balance or in completed payments. For each saga: its deduction stands with its payment, or was given back; a
 * refund has given back the price. For each currency: what all accounts hold, the house's added up from the entries,
 * comes to nothing.
 */
export function checkMoney({ accounts, ledger, payments, sagas }: Tables): Violation[] {
  const violations: Violation[] = [];
  const say = (what: string, ids: readonly string[], look = 'balance.ledger, payment.payment') =>
    violations.push({ promise: 'money', what, ids, look });

  const byUser = groupBy(ledger, ({ userId }) => userId);
  const paidBy = new Map<string, number>();
  for (const { userId, currency, amount, status, sagaId, refundingSaga } of payments.values()) {
    if (isParked(sagas.get(sagaId))) continue;
    // A parked refund may have taken the payment back without having given its price to the balance.
    const inRefund = status === 'REFUNDED' && isParked(sagas.get(refundingSaga ?? ''));
    if (status !== 'COMPLETED' && !inRefund) continue;
    add(paidBy, `${userId} ${currency}`, amount);
  }
  const totals = new Map<string, { charged: number; left: number; paid: number; parked: number }>();

  for (const { userId, currency, balance, entries: count } of accounts) {
    const entries = byUser.get(userId) ?? [];
    byUser.delete(userId);
    let expected = 0;
    for (const [i, entry] of entries.entries()) {
      expected += signed(entry);
      if (entry.entryNo !== i + 1 || entry.currency !== currency)
        say(`entry ${entry.entryNo} in ${entry.currency} is in the place of ${i + 1} in ${currency}`, [
          entry.entryId,
          userId,
        ]);
      if (entry.balanceAfter !== expected)
        say(`an entry leaves ${entry.balanceAfter} where it should leave ${expected}`, [
          entry.entryId,
          userId,
        ]);
      expected = entry.balanceAfter;
    }
    if (expected !== balance) say(`the balance is ${balance}, the ledger says ${expected}`, [userId]);
    if (entries.length !== count)
      say(`the account has had ${count} entries, the ledger has ${entries.length}`, [userId]);

    const charged = sum(entries, (entry) => (entry.kind === 'charge' ? entry.amount : 0));
    // A parked saga may have taken money for a payment that is neither made nor given up.
    const parked = sum(entries, (entry) => (isParked(sagaOf(sagas, entry)) ? -signed(entry) : 0));
    const paid = paidBy.get(`${userId} ${currency}`) ?? 0;
    paidBy.delete(`${userId} ${currency}`);
    const off = charged - balance - paid - parked;
    if (off !== 0)
      say(
        `${charged} ${currency} charged, ${balance} on the balance, ${paid} in payments: ${Math.abs(off)} ${off > 0 ? 'lost' : 'too much'}`,
        [userId],
      );
    const total = totals.get(currency) ?? { charged: 0, left: 0, paid: 0, parked: 0 };
    totals.set(currency, {
      charged: total.charged + charged,
      left: total.left + balance,
      paid: total.paid + paid,
      parked: total.parked + parked,
    });
  }
  for (const userId of byUser.keys()) say('the ledger knows a user who has no account', [userId]);
  for (const payer of paidBy.keys())
    say('a payment is of a user, or in a currency, without an account', [payer]);
  for (const [currency, { charged, left, paid, parked }] of totals)
    if (charged !== left + paid + parked)
      say(
        `${currency} in all: ${charged} charged, ${left} on balances, ${paid} in payments, ${parked} parked`,
        [],
      );
  return [...violations, ...checkHouse(accounts, ledger), ...checkDeductions(ledger, sagas)];
}

/** The users' balances and what the ledger makes of the house's accounts: together nothing, in each currency. */
function checkHouse(accounts: Tables['accounts'], ledger: readonly LedgerRow[]): Violation[] {
  const held = new Map<string, number>();
  for (const { currency, balance } of accounts) add(held, currency, balance);
  for (const { currency, debitAccount, creditAccount, amount } of ledger) {
    if (debitAccount !== 'user') add(held, currency, -amount);
    if (creditAccount !== 'user') add(held, currency, amount);
  }
  return [...held].flatMap(([currency, total]): Violation[] =>
    total === 0
      ? []
      : [
          {
            promise: 'money',
            what: `all accounts in ${currency} together hold ${total}`,
            ids: [],
            look: 'balance.account, balance.ledger',
          },
        ],
  );
}

/** Every deduction has either its payment or its refund, and neither comes without it. */
function checkDeductions(ledger: readonly LedgerRow[], sagas: Tables['sagas']): Violation[] {
  const violations: Violation[] = [];
  const deducted = new Map<string, number>();
  for (const entry of ledger) {
    if (entry.commandId !== null) {
      const sagaId = entry.commandId.slice(0, 36);
      if (!sagas.has(sagaId))
        violations.push({
          promise: 'money',
          what: `a ${entry.kind} is of a saga that doesn't exist`,
          ids: [entry.entryId, sagaId],
          look: 'balance.ledger',
        });
      add(deducted, sagaId, -signed(entry));
    }
  }
  for (const saga of sagas.values()) {
    if (saga.type === 'reserve' || saga.status === 'PARKED') continue;
    const price = saga.type === 'pay' ? (saga.amount ?? Number.NaN) : -(saga.amount ?? Number.NaN);
    const due = saga.status === 'COMPLETED' ? price : 0;
    const taken = deducted.get(saga.sagaId) ?? 0;
    if (taken !== due)
      violations.push({
        promise: 'money',
        what: `a saga that is ${saga.status} has taken ${taken}, not ${due}`,
        ids: [saga.sagaId, saga.userId],
        look: `balance.ledger where command_id like '${saga.sagaId}/%'`,
      });
  }
  return violations;
}

const signed = ({ creditAccount, amount }: LedgerRow): number =>
  creditAccount === 'user' ? amount : -amount;
const isParked = (saga: SagaRow | undefined): boolean => saga?.status === 'PARKED';
const sagaOf = (sagas: Tables['sagas'], { commandId }: LedgerRow): SagaRow | undefined =>
  commandId === null ? undefined : sagas.get(commandId.slice(0, 36));
const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
const add = (sums: Map<string, number>, key: string, amount: number): void => {
  sums.set(key, (sums.get(key) ?? 0) + amount);
};
