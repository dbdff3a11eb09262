import { dataOf } from '@holdfast/client/problem';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useClient } from '../api/connection.tsx';
import { offersDevelopment } from '../api/offers-development.ts';
import { useLanguage } from '../language/language.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Problem } from '../ui/problem.tsx';
import { beginSession, useSession } from './session.ts';

export function SignInPage() {
  const { messages } = useLanguage();
  const { endedBecause } = useSession();
  return (
    <div className="narrow">
      <PageTitle title={messages.signIn} />
      <p>{messages.signInLead}</p>
      {endedBecause !== undefined && <p className="notice">{messages.signedOut(endedBecause)}</p>}
      <DevelopmentForm />
      <TokenForm />
    </div>
  );
}

/** Only where the system runs for development: elsewhere access tokens come from an issuer. */
function DevelopmentForm() {
  const { messages } = useLanguage();
  const client = useClient();
  const { data: offered } = useQuery({ queryKey: ['development'], queryFn: offersDevelopment });
  const make = useMutation({
    mutationFn: (name: string) => dataOf(client.POST('/v1/dev/users', { body: { name } })),
    onSuccess: ({ accessToken }) => beginSession(accessToken),
  });
  if (!offered) return null;

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    make.mutate(String(new FormData(event.currentTarget).get('name')).trim());
  };
  return (
    <form className="card" onSubmit={onSubmit}>
      <h2>{messages.developmentSystem}</h2>
      <label htmlFor="name">{messages.name}</label>
      <input id="name" name="name" required maxLength={100} defaultValue="Ada" autoComplete="name" />
      <Problem error={make.error} />
      <button type="submit" className="primary" disabled={make.isPending}>
        {messages.makeUser}
      </button>
    </form>
  );
}

function TokenForm() {
  const { messages } = useLanguage();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    beginSession(String(new FormData(event.currentTarget).get('token')).trim());
  };
  return (
    <form className="card" onSubmit={onSubmit}>
      <label htmlFor="token">{messages.accessToken}</label>
      <input
        id="token"
        name="token"
        type="password"
        required
        autoComplete="off"
        spellCheck={false}
        aria-describedby="token-hint"
      />
      <p className="hint" id="token-hint">
        {messages.accessTokenHint}
      </p>
      <button type="submit">{messages.signIn}</button>
    </form>
  );
}
