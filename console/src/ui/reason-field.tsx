import { useId } from 'react';

/** Why something is changed: it stands in the audit, with who and when. */
export function ReasonField(props: { value: string; onChange: (value: string) => void; minLength: number }) {
  const id = useId();
  const required = props.minLength > 0;
  return (
    <span className="field">
      <label htmlFor={id}>Reason {required ? '' : <span className="muted">(may be left empty)</span>}</label>
      <textarea
        id={id}
        rows={3}
        required={required}
        minLength={props.minLength}
        maxLength={1_000}
        value={props.value}
        onChange={({ target }) => props.onChange(target.value)}
        aria-describedby={`${id}-hint`}
      />
      <span id={`${id}-hint`} className="hint">
        Kept in the audit{required && `; at least ${props.minLength} characters`}.
      </span>
    </span>
  );
}
