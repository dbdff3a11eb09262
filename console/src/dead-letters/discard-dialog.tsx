import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { discardLetters } from '../api/operations.ts';
import type { LetterSelection } from '../api/types.ts';
import { Dialog } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { ProblemNotice } from '../ui/notice.tsx';
import { ReasonField } from '../ui/reason-field.tsx';

/** Gives letters up, with a reason. They stay where they are, and can be replayed by their number later. */
export function DiscardDialog(props: { select: LetterSelection; what: string; onClose: () => void }) {
  const { select, what, onClose } = props;
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const discarding = useMutation({
    mutationFn: () => discardLetters({ select, reason }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const done = discarding.data;

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    discarding.mutate();
  };
  return (
    <Dialog title={`Discard ${what}`} onClose={onClose}>
      {done ? (
        <>
          <p role="status">
            {plural(done.discarded, 'letter')} discarded
            {done.skipped > 0 && `, ${done.skipped} left as they were`}.
          </p>
          <div className="dialog-end">
            <button type="button" onClick={onClose}>
              Close
            </button>
          </div>
        </>
      ) : (
        <form onSubmit={onSubmit}>
          <p>
            Nothing will be done about these letters any more. They are kept, and can still be replayed one by
            one.
          </p>
          <ReasonField value={reason} onChange={setReason} minLength={1} />
          {discarding.error && <ProblemNotice problem={discarding.error} />}
          <div className="dialog-end">
            <button type="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" className="danger" disabled={discarding.isPending}>
              Discard
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
