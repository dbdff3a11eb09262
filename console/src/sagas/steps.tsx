import type { SagaStep } from '../api/types.ts';
import { clockMs, plural } from '../ui/format.ts';
import { Mark } from '../ui/mark.tsx';
import { stepMarks } from '../ui/states.ts';
import { type Column, Table } from '../ui/table.tsx';

type Run = NonNullable<SagaStep['did'] | SagaStep['undid']>;

const columns: Column<SagaStep>[] = [
  { head: 'Step', cell: ({ name }) => name },
  { head: 'Status', cell: ({ status }) => <Mark {...stepMarks[status]} /> },
  { head: 'Kind', cell: ({ kind }) => kind },
  {
    head: 'Done',
    cell: ({ command, did }) => <Attempt command={command} run={did} />,
  },
  {
    head: 'Undone',
    cell: ({ undo, undid }) =>
      undo ? <Attempt command={undo} run={undid} /> : <span className="muted">has nothing to undo</span>,
  },
];

export function Steps({ steps }: { steps: SagaStep[] }) {
  return <Table caption="Steps of the saga" columns={columns} rows={steps} keyOf={({ name }) => name} />;
}

function Attempt({ command, run }: { command: string; run: Run | undefined }) {
  return (
    <>
      <code>{command}</code>{' '}
      <span className="muted">
        {run
          ? [
              run.outcome.toLowerCase(),
              plural(run.attempts, 'attempt'),
              run.endedAt && `answered ${clockMs(run.endedAt)}`,
            ]
              .filter(Boolean)
              .join(', ')
          : 'not sent'}
      </span>
    </>
  );
}
