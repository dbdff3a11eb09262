import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { editLetter, getLetter } from '../api/operations.ts';
import type { LetterDetail } from '../api/types.ts';
import { useNoChangesBecause } from '../session/me.ts';
import { Code } from '../ui/code.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Notice, ProblemNotice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { ReasonField } from '../ui/reason-field.tsx';

/** Another payload in the place of one that can't be read or was wrong. */
export function EditLetterPage({ letterId }: { letterId: number }) {
  const letter = useQuery({
    queryKey: ['letter', letterId],
    queryFn: () => getLetter(letterId),
    // What is being typed isn't to be taken away.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      <PageTitle title={`Edit dead letter ${letterId}`} />
      <Loaded query={letter}>
        {(detail) => (detail.editable ? <Editor letter={detail} /> : <NotEditable letter={detail} />)}
      </Loaded>
    </>
  );
}

function NotEditable({ letter }: { letter: LetterDetail }) {
  return (
    <Notice tone="warn">
      This letter can't be edited: {letter.notEditableBecause ?? 'nobody knows what it should be.'}{' '}
      <Link href={`/dead-letters/${letter.letterId}`}>Back to the letter</Link>
    </Notice>
  );
}

function Editor({ letter }: { letter: LetterDetail }) {
  const [, goTo] = useLocation();
  const queries = useQueryClient();
  const because = useNoChangesBecause();
  const [text, setText] = useState(() => asText(letter.payload));
  const [sending, setSending] = useState(false);
  const parsed = parse(text);
  const checking = useMutation({
    mutationFn: (payload: unknown) => editLetter(letter.letterId, { payload, dryRun: true }),
  });
  const change = (to: string) => {
    setText(to);
    checking.reset();
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.ok) checking.mutate(parsed.value, { onSuccess: () => setSending(true) });
  };
  return (
    <form className="editor" onSubmit={onSubmit}>
      <section>
        <label htmlFor="payload">
          <h2>Payload</h2>
        </label>
        <textarea
          id="payload"
          className="code-input"
          rows={16}
          spellCheck={false}
          value={text}
          aria-invalid={!parsed.ok}
          aria-describedby="payload-check"
          onChange={({ target }) => change(target.value)}
        />
        <div id="payload-check" className="check-result" aria-live="polite">
          {!parsed.ok && <Notice tone="warn">This is no JSON: {parsed.why}</Notice>}
          {checking.error && <ProblemNotice problem={checking.error} />}
          {checking.isSuccess && (
            <Notice>It fits its schema, and agrees with what the saga would send.</Notice>
          )}
        </div>
        <div className="changes">
          <button
            type="submit"
            className="primary"
            disabled={because !== undefined || !parsed.ok || checking.isPending}
          >
            Check and send …
          </button>
          <Link href={`/dead-letters/${letter.letterId}`}>Back to the letter</Link>
          {because && <p className="why-not">{because}</p>}
        </div>
      </section>
      <section>
        {letter.expected !== undefined && (
          <>
            <h2>What the saga would send</h2>
            <Code value={letter.expected} label="What the saga would send" />
            <button type="button" onClick={() => change(asText(letter.expected))}>
              Take this
            </button>
          </>
        )}
        {letter.schema !== undefined && (
          <details>
            <summary>The schema that it has to fit</summary>
            <Code value={letter.schema} label="The schema that the payload has to fit" />
          </details>
        )}
      </section>
      {sending && parsed.ok && (
        <SendDialog
          letterId={letter.letterId}
          payload={parsed.value}
          onClose={() => setSending(false)}
          onSent={async () => {
            await queries.invalidateQueries();
            goTo(`/dead-letters/${letter.letterId}`);
          }}
        />
      )}
    </form>
  );
}

function SendDialog(props: {
  letterId: number;
  payload: unknown;
  onClose: () => void;
  onSent: () => Promise<void>;
}) {
  const [reason, setReason] = useState('');
  const sending = useMutation({
    mutationFn: () =>
      editLetter(props.letterId, { payload: props.payload, dryRun: false, ...(reason && { reason }) }),
    onSuccess: props.onSent,
  });
  return (
    <Dialog title="Send it in the letter's place" onClose={props.onClose}>
      <p>
        The payload fits. It is sent as a new message that names the letter; the letter itself stays as it is.
      </p>
      <ReasonField value={reason} onChange={setReason} minLength={0} />
      {sending.error && <ProblemNotice problem={sending.error} />}
      <div className="dialog-end">
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="primary"
          disabled={sending.isPending}
          onClick={() => sending.mutate()}
        >
          Send
        </button>
      </div>
    </Dialog>
  );
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? '');

function parse(text: string): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, why: (error as Error).message };
  }
}
