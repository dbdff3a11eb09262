import { useState } from 'react';

/** JSON as people read it; text as it is. */
export function Code({ value, label }: { value: unknown; label: string }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return (
    // What scrolls has to be reachable without a mouse.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="code" aria-label={label} tabIndex={0}>
      <pre>{text}</pre>
    </section>
  );
}

/** An id, whole, with a button that copies it. */
export function CopyableId({ id, what }: { id: string; what: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <span className="copyable">
      <code>{id}</code>
      <button
        type="button"
        className="quiet"
        aria-label={`Copy ${what}`}
        onClick={async () => {
          await navigator.clipboard.writeText(id);
          setCopied(true);
          setTimeout(() => setCopied(false), 1_500);
        }}
      >
        {copied ? 'Copied' : 'Copy'}
      </button>
    </span>
  );
}
