import { useLanguage } from '../language/language.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Problem } from '../ui/problem.tsx';
import { ChargeForm } from './charge-form.tsx';
import { useBalance, useEntries } from './use-balance.ts';

/** Somebody charges for about a seat at a time. */
const usualAmount = 200_000;

export function BalancePage() {
  const { messages, format } = useLanguage();
  const { data: balance, error } = useBalance();
  return (
    <div className="narrow">
      <PageTitle title={messages.balance} />
      <Problem error={error} />
      {balance && (
        <>
          <p className="position">{format.money(balance)}</p>
          <ChargeForm amount={usualAmount} currency={balance.currency} />
        </>
      )}
      <History />
    </div>
  );
}

function History() {
  const { messages, format } = useLanguage();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useEntries();
  const entries = data?.pages.flatMap(({ items }) => items);
  return (
    <section aria-labelledby="history">
      <h2 id="history">{messages.history}</h2>
      <Problem error={error} />
      {entries?.length === 0 && <p className="muted">{messages.noHistory}</p>}
      {entries && entries.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{messages.when}</th>
              <th scope="col">{messages.what}</th>
              <th scope="col" className="amount">
                {messages.amount}
              </th>
              <th scope="col" className="amount">
                {messages.after}
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ entryId, at, kind, amount, currency, balanceAfter }) => (
              <tr key={entryId}>
                <td>
                  <time dateTime={at}>{format.short(at)}</time>
                </td>
                <td>{messages.kinds[kind]}</td>
                <td className="amount">{format.money({ amount, currency })}</td>
                <td className="amount">{format.money({ amount: balanceAfter, currency })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hasNextPage && (
        <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {messages.more}
        </button>
      )}
    </section>
  );
}
