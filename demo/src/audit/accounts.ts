import type { Holdfast } from '../api/holdfast.ts';
import type { Journal } from '../journal.ts';
import type { AccountFacts, Sale } from '../verdicts/facts.ts';

/** Asks for the balance of each user. */
export function readAccounts(api: Holdfast, { accounts }: Journal): Promise<AccountFacts[]> {
  return Promise.all(
    Array.from(accounts.values(), async ({ user, charged, unanswered }) => {
      const { ok, body } = await api.balance(user);
      return { userId: user.userId, charged, unanswered, balance: ok ? body.balance : undefined };
    }),
  );
}

/** Asks for each payment that a user was told of. */
export function readSales(api: Holdfast, { sales, accounts }: Journal): Promise<Sale[]> {
  return Promise.all(
    Array.from(sales.values(), async (sale) => {
      const user = accounts.get(sale.userId)?.user;
      if (!user) return { ...sale, found: 'of nobody' };
      const { ok, body, outcome } = await api.payment(user, sale.paymentId);
      if (!ok) return { ...sale, found: outcome };
      const same = body.amount === sale.price.amount && body.currency === sale.price.currency;
      return { ...sale, found: same ? body.status : `over ${body.amount} ${body.currency}` };
    }),
  );
}
