import { type FormEvent, useEffect, useState } from 'react';
import { makeOperator, me, openApi } from '../api/operations.ts';
import type { Role } from '../api/types.ts';
import { Notice, ProblemNotice } from '../ui/notice.tsx';
import { beginSession, useSession } from './session.ts';

export function SignInPage() {
  const { endedBecause } = useSession();
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  /** Signs in with the token, once the API takes it. */
  const attempt = async (token: () => Promise<string>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const accessToken = await token();
      await me(accessToken);
      beginSession(accessToken);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  return (
    <main className="sign-in">
      <title>Sign in · Holdfast</title>
      <h1>
        <img src="/console/icon.svg" alt="" width="28" height="28" /> Holdfast
      </h1>
      <p className="lead">The operators' console: sagas, parked sagas and dead letters.</p>
      {endedBecause && <Notice tone="warn">You were signed out: {endedBecause}</Notice>}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <TokenForm busy={busy} onToken={(token) => void attempt(async () => token)} />
      <DevelopmentForm
        busy={busy}
        onMake={(name, role) => void attempt(async () => (await makeOperator({ name, role })).accessToken)}
      />
    </main>
  );
}

function TokenForm({ busy, onToken }: { busy: boolean; onToken: (token: string) => void }) {
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onToken(String(new FormData(event.currentTarget).get('token')).trim());
  };
  return (
    <form className="card" onSubmit={onSubmit}>
      <label htmlFor="token">Access token</label>
      <input id="token" name="token" type="password" required autoComplete="off" spellCheck={false} />
      <p className="hint">
        One whose roles name <code>viewer</code> or <code>operator</code>. It stays in this tab and ends with
        it.
      </p>
      <button type="submit" className="primary" disabled={busy}>
        Sign in
      </button>
    </form>
  );
}

/** Only where the system runs for development: elsewhere nobody can make themselves an operator. */
function DevelopmentForm(props: { busy: boolean; onMake: (name: string, role: Role) => void }) {
  const [offered, setOffered] = useState(false);
  useEffect(() => {
    // Asked of the API's own description: to try the endpoint would leave an error in the browser's log.
    openApi().then(
      ({ paths }) => setOffered('/v1/dev/operators' in paths),
      () => setOffered(false),
    );
  }, []);
  if (!offered) return null;

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    props.onMake(String(data.get('name')).trim(), data.get('role') === 'viewer' ? 'viewer' : 'operator');
  };
  return (
    <form className="card" onSubmit={onSubmit}>
      <h2>This is a development system</h2>
      <div className="fields">
        <span className="field">
          <label htmlFor="name">Name</label>
          <input id="name" name="name" required maxLength={100} defaultValue="Ada" autoComplete="off" />
        </span>
        <span className="field">
          <label htmlFor="role">Role</label>
          <select id="role" name="role" defaultValue="operator">
            <option value="operator">operator: reads and changes</option>
            <option value="viewer">viewer: reads</option>
          </select>
        </span>
      </div>
      <button type="submit" disabled={props.busy}>
        Make an operator and sign in
      </button>
    </form>
  );
}
