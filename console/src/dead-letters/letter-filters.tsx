import { useId } from 'react';
import { useSearchParams } from 'wouter';
import type { LetterSelection } from '../api/types.ts';

const names = ['topic', 'type', 'since', 'until'] as const;

/** The filter in the address; a link to it finds the same letters. */
export function selectionIn(search: URLSearchParams): LetterSelection {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = search.get(name);
      return value ? [[name, value]] : [];
    }),
  );
}

export function LetterFilters() {
  const [search, setSearch] = useSearchParams();
  const change = (name: (typeof names)[number], value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  return (
    <search className="filters">
      <Text label="Topic" value={search.get('topic')} onChange={(value) => change('topic', value)} />
      <Text label="Message's type" value={search.get('type')} onChange={(value) => change('type', value)} />
      <Moment label="Failed since" value={search.get('since')} onChange={(value) => change('since', value)} />
      <Moment
        label="Failed before"
        value={search.get('until')}
        onChange={(value) => change('until', value)}
      />
      {Object.keys(selectionIn(search)).length > 0 && (
        <button type="button" className="quiet" onClick={() => setSearch({}, { replace: true })}>
          Clear
        </button>
      )}
    </search>
  );
}

type Input = { label: string; value: string | null; onChange: (value: string) => void };

function Text({ label, value, onChange }: Input) {
  const id = useId();
  return (
    <span className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={value ?? ''}
        placeholder="any"
        spellCheck={false}
        onChange={({ target }) => onChange(target.value)}
      />
    </span>
  );
}

/** In local time, and in the address in UTC. */
function Moment({ label, value, onChange }: Input) {
  const id = useId();
  return (
    <span className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        value={value ? localOf(value) : ''}
        onChange={({ target }) => onChange(target.value && new Date(target.value).toISOString())}
      />
    </span>
  );
}

function localOf(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
