import type { Money } from '@holdfast/client/types';
import type { AccountFacts, Facts, Sale } from './facts.ts';
import { groupBy } from './group.ts';
import { type Verdict, verdict } from './verdict.ts';

/** For each user, since what one lacks another could have too much of; and the sums, to be seen. */
export function moneyConserved({ accounts, sales }: Pick<Facts, 'accounts' | 'sales'>): Verdict {
  const salesOf = groupBy(sales, ({ userId }) => userId);
  const objections = [
    ...sales.flatMap(({ paymentId, found }) =>
      found === 'COMPLETED' ? [] : [`payment ${paymentId}, answered as completed, is ${found}`],
    ),
    ...accounts.flatMap((account) => imbalance(account, salesOf.get(account.userId) ?? [])),
  ];
  const charged = sums(accounts.flatMap((account) => account.charged));
  const onBalances = sums(accounts.flatMap(({ balance }) => (balance ? [balance] : [])));
  const paid = sums(sales.map(({ price }) => price));
  const detail = [...charged]
    .map(([currency, amount]) => {
      const left = onBalances.get(currency) ?? 0;
      const spent = paid.get(currency) ?? 0;
      return `${shown(amount)} ${currency} = ${shown(left)} on balances + ${shown(spent)} in payments`;
    })
    .join('; ');
  return verdict('Charged = balances + payments, to the unit', objections, detail);
}

function imbalance({ userId, charged, balance, unanswered }: AccountFacts, sales: readonly Sale[]): string[] {
  if (unanswered > 0) return [`user ${userId}: ${unanswered} charges or payments never had a final answer`];
  if (!balance) return [`user ${userId}: no balance to be had`];
  const difference = sums([
    ...charged,
    { ...balance, amount: -balance.amount },
    ...sales.map(({ price }) => ({ ...price, amount: -price.amount })),
  ]);
  return [...difference]
    .filter(([, amount]) => amount !== 0)
    .map(([currency, amount]) =>
      amount > 0
        ? `user ${userId}: ${shown(amount)} ${currency} lost`
        : `user ${userId}: ${shown(-amount)} ${currency} too much`,
    );
}

function sums(moneys: readonly Money[]): Map<string, number> {
  const byCurrency = new Map<string, number>();
  for (const { amount, currency } of moneys)
    byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + amount);
  return byCurrency;
}

const shown = (amount: number): string => amount.toLocaleString('en');
