import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { decide } from '../api/operations.ts';
import { ApiProblem } from '../api/problem.ts';
import type { Decision, SagaSummary } from '../api/types.ts';
import { Dialog } from '../ui/dialog.tsx';
import { money } from '../ui/format.ts';
import { ProblemNotice } from '../ui/notice.tsx';
import { ReasonField } from '../ui/reason-field.tsx';

export const decisionNames: Record<Decision, string> = {
  retry: 'Retry',
  compensate: 'Compensate',
  settle: 'Settle by hand',
};

/** Says what a decision does, asks why, and takes it for the saga as it was seen: one that has moved isn't touched. */
export function DecisionDialog(props: { saga: SagaSummary; decision: Decision; onClose: () => void }) {
  const { saga, decision, onClose } = props;
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const deciding = useMutation({
    mutationFn: () => decide(saga.sagaId, decision, { version: saga.version, ...(reason && { reason }) }),
    onSuccess: async (detail) => {
      queries.setQueryData(['saga', saga.sagaId], detail);
      await queries.invalidateQueries({ queryKey: ['sagas'] });
      onClose();
    },
  });
  const moved = deciding.error instanceof ApiProblem && deciding.error.code === 'saga-moved';

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    deciding.mutate();
  };
  return (
    <Dialog title={`${decisionNames[decision]}: ${saga.type} #${saga.sagaNo}`} onClose={onClose}>
      <form onSubmit={onSubmit}>
        <p>{whatItDoes(decision, saga)}</p>
        {saga.waitingFor.length > 0 && (
          <p className="muted">
            Without an answer: <code>{saga.waitingFor.join(', ')}</code>
          </p>
        )}
        {decision === 'settle' && saga.atStake && (
          <p>
            At stake is <strong>{money(saga.atStake)}</strong>: see to it that the user has it, or what it was
            for.
          </p>
        )}
        <ReasonField value={reason} onChange={setReason} minLength={decision === 'settle' ? 10 : 0} />
        {deciding.error && (
          <ProblemNotice problem={deciding.error}>
            {moved && <p>Close this, look at the saga as it is now, and decide again.</p>}
          </ProblemNotice>
        )}
        <div className="dialog-end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className={decision === 'settle' ? 'danger' : 'primary'}
            disabled={deciding.isPending}
          >
            {decisionNames[decision]}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function whatItDoes(decision: Decision, { status }: SagaSummary): string {
  switch (decision) {
    case 'retry':
      return status === 'PARKED'
        ? 'Sends the compensations that were never acknowledged again, with a new budget of attempts. What is done already is acknowledged and not done twice.'
        : 'Sends what is without an answer again, with a new budget of attempts. What is done already is answered and not done twice.';
    case 'compensate':
      return status === 'PARKED'
        ? 'Sends the compensations that were never acknowledged again, with a new budget of attempts.'
        : 'Gives up the step that it waits for, as of unknown outcome, and undoes everything that was done.';
    case 'settle':
      return 'Ends the saga by your word, and lets go of its seat. What is unanswered is closed at its participant first, so that it can never run, however late it comes.';
  }
}
