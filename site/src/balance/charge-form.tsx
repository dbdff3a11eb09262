import { newKey } from '@holdfast/client/client';
import { dataOf } from '@holdfast/client/problem';
import { settle } from '@holdfast/client/settle';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { useClient } from '../api/connection.tsx';
import { useLanguage } from '../language/language.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { Problem } from '../ui/problem.tsx';

/** Puts money on the balance. @param props.amount to begin with, in minor units */
export function ChargeForm({ amount, currency }: { amount: number; currency: string }) {
  const { messages, format } = useLanguage();
  const client = useClient();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const id = useId();
  const charge = useMutation({
    mutationFn: (amount: number) => {
      const params = { header: { 'idempotency-key': newKey() } };
      const send = () => client.POST('/v1/balance/charges', { params, body: { amount, currency } });
      return dataOf(settle(client, send));
    },
    onSuccess: (_, amount) => {
      announce(messages.charged(format.money({ amount, currency })));
      return queries.invalidateQueries({ queryKey: ['balance'] });
    },
  });

  // Typed in whole units of the currency, as people do, and sent in minor ones.
  const unit = 10 ** format.digits(currency);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    charge.mutate(Math.round(Number(new FormData(event.currentTarget).get('amount')) * unit));
  };
  return (
    <form className="charge" onSubmit={onSubmit}>
      <span className="field">
        <label htmlFor={id}>
          {messages.amount} ({currency})
        </label>
        <input
          id={id}
          name="amount"
          type="number"
          inputMode="decimal"
          required
          min={1 / unit}
          max={1_000_000_000_000 / unit}
          step={1 / unit}
          defaultValue={amount / unit}
        />
      </span>
      <button type="submit" disabled={charge.isPending}>
        {messages.charge}
      </button>
      <Problem error={charge.error} />
    </form>
  );
}
