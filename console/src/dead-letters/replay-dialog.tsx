import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { previewReplay, startReplay } from '../api/operations.ts';
import type { LetterSelection } from '../api/types.ts';
import { Dialog } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { Loaded } from '../ui/loaded.tsx';
import { ProblemNotice } from '../ui/notice.tsx';
import { ReasonField } from '../ui/reason-field.tsx';
import { ReplayPreview } from './replay-preview.tsx';

/** Shows what a replay would do before it is begun. */
export function ReplayDialog({ select, onClose }: { select: LetterSelection; onClose: () => void }) {
  const [, goTo] = useLocation();
  const queries = useQueryClient();
  const [rate, setRate] = useState(100);
  const [stopAfter, setStopAfter] = useState(5);
  const [reason, setReason] = useState('');
  const preview = useQuery({
    queryKey: ['preview', select],
    queryFn: () => previewReplay(select),
    // What it would do now: never what it would have done when somebody last looked.
    gcTime: 0,
    staleTime: 0,
  });
  const starting = useMutation({
    mutationFn: () => startReplay({ select, rate, stopAfter, ...(reason && { reason }) }),
    onSuccess: async (replay) => {
      queries.setQueryData(['replay', replay.replayId], replay);
      onClose();
      goTo(`/replays/${replay.replayId}`);
    },
  });
  const total = preview.data?.total;

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    starting.mutate();
  };
  return (
    <Dialog title="Replay dead letters" onClose={onClose} wide>
      <form onSubmit={onSubmit}>
        <div className="preview" aria-live="polite">
          <Loaded query={preview}>{(found) => <ReplayPreview preview={found} />}</Loaded>
        </div>
        <div className="fields">
          <WholeNumber label="Letters a second" value={rate} maximum={5_000} onChange={setRate} />
          <WholeNumber
            label="Stop once so many fail again"
            value={stopAfter}
            maximum={1_000_000}
            onChange={setStopAfter}
          />
        </div>
        <ReasonField value={reason} onChange={setReason} minLength={0} />
        {starting.error && <ProblemNotice problem={starting.error} />}
        <div className="dialog-end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={!total || starting.isPending}>
            {total === undefined ? 'Replay' : `Replay ${plural(total, 'letter')}`}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function WholeNumber(props: {
  label: string;
  value: number;
  maximum: number;
  onChange: (value: number) => void;
}) {
  const { label, value, maximum, onChange } = props;
  return (
    <label className="field">
      {label}
      <input
        type="number"
        required
        min={1}
        max={maximum}
        value={value}
        onChange={({ target }) => onChange(target.valueAsNumber)}
      />
    </label>
  );
}
