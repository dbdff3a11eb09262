import { ApiProblem } from '@holdfast/client/problem';
import { StillRunning } from '../api/sagas.ts';
import type { Messages } from '../language/en.ts';
import { useLanguage } from '../language/language.tsx';

/** What went wrong, said where it went wrong, and aloud. */
export function Problem({ error }: { error: unknown }) {
  const { messages } = useLanguage();
  // It is always there: what comes into a region that was there before is read aloud everywhere.
  return (
    <div role="alert">
      {error !== null && error !== undefined && <p className="notice bad">{sayProblem(error, messages)}</p>}
    </div>
  );
}

function sayProblem(error: unknown, messages: Messages): string {
  if (error instanceof StillRunning) return messages.stillRunning;
  if (!(error instanceof ApiProblem)) return messages.unreachable;
  return messages.problems[error.code] ?? error.message;
}
