import type { FormEvent } from 'react';
import { useLocation } from 'wouter';

const uuid = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** Goes to a saga by its id, or to those of a seat by its lock's key. */
export function FindSaga() {
  const [, goTo] = useLocation();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('find')).trim();
    goTo(text.startsWith('seat:') ? `/sagas?lockKey=${encodeURIComponent(text)}` : `/sagas/${text}`);
  };
  return (
    <search>
      <form className="find" onSubmit={onSubmit}>
        <label htmlFor="find" className="unseen">
          Saga's id or seat's lock
        </label>
        <input
          id="find"
          name="find"
          type="search"
          required
          pattern={`\\s*(seat:)?${uuid}\\s*`}
          title="a saga's id, or seat:<id>"
          placeholder="saga's id, or seat:<id>"
          spellCheck={false}
          autoComplete="off"
        />
        <button type="submit">Open</button>
      </form>
    </search>
  );
}
