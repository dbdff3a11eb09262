import type { LedgerRow, SagaRow, Tables } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import type { Violation } from './violation.ts';

/**
 * For each user: every ledger entry continues the one before it, their end is the balance, and what was charged is on
 * the balance or in completed payments. For each saga: its deduction stands with its payment, or was given back; a
 * refund has given back the price.
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

  for (const { userId, currency, balance } of accounts) {
    const entries = byUser.get(userId) ?? [];
    byUser.delete(userId);
    let expected = 0;
    for (const entry of entries) {
      expected += signed(entry);
      if (entry.balanceAfter !== expected)
        say(`an entry leaves ${entry.balanceAfter} where it should leave ${expected}`, [
          entry.entryId,
          userId,
        ]);
      expected = entry.balanceAfter;
    }
    if (expected !== balance) say(`the balance is ${balance}, the ledger says ${expected}`, [userId]);

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
  return [...violations, ...checkDeductions(ledger, sagas)];
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

const signed = ({ kind, amount }: LedgerRow): number => (kind === 'deduct' ? -amount : amount);
const isParked = (saga: SagaRow | undefined): boolean => saga?.status === 'PARKED';
const sagaOf = (sagas: Tables['sagas'], { commandId }: LedgerRow): SagaRow | undefined =>
  commandId === null ? undefined : sagas.get(commandId.slice(0, 36));
const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
const add = (sums: Map<string, number>, key: string, amount: number): void => {
  sums.set(key, (sums.get(key) ?? 0) + amount);
};
