import { Link } from 'wouter';
import type { Letter } from '../api/types.ts';
import { Mark } from '../ui/mark.tsx';
import { letterMarks } from '../ui/states.ts';
import { type Column, Table } from '../ui/table.tsx';
import { When } from '../ui/time.tsx';

type Selection = { chosen: ReadonlySet<number>; toggle: (letterId: number) => void };

/** @param props.sameError their error is said already, above them */
export function LetterTable(props: {
  letters: Letter[];
  caption: string;
  selection?: Selection;
  sameError?: boolean;
}) {
  const { letters, caption, selection } = props;
  return (
    <Table
      caption={caption}
      columns={[
        ...(selection ? [chooser(selection)] : []),
        ...columns.filter(({ head }) => !(props.sameError && head === 'Error')),
      ]}
      rows={letters}
      keyOf={({ letterId }) => letterId}
    />
  );
}

const chooser = ({ chosen, toggle }: Selection): Column<Letter> => ({
  head: 'Choose',
  cell: ({ letterId }) => (
    <input
      type="checkbox"
      aria-label={`Choose letter ${letterId}`}
      checked={chosen.has(letterId)}
      onChange={() => toggle(letterId)}
    />
  ),
});

const columns: Column<Letter>[] = [
  {
    head: 'Letter',
    cell: ({ letterId }) => (
      <Link href={`/dead-letters/${letterId}`} className="number">
        {letterId}
      </Link>
    ),
  },
  { head: 'Status', cell: ({ status }) => <Mark {...letterMarks[status]} /> },
  {
    head: 'Message',
    cell: ({ type, topic, partition, offset }) => (
      <>
        {type ?? <span className="muted">no readable type</span>}
        <span className="under">
          {topic} {partition}/{offset}
        </span>
      </>
    ),
  },
  {
    head: 'Saga',
    cell: ({ sagaId, step, action }) =>
      sagaId ? (
        <>
          <Link href={`/sagas/${sagaId}`} title={sagaId}>
            {step ?? 'saga'}
          </Link>
          {action && (
            <span className="under">{action === 'do' ? 'the step itself' : 'its compensation'}</span>
          )}
        </>
      ) : (
        <span className="muted">none</span>
      ),
  },
  { head: 'Error', wide: true, cell: ({ error }) => <ErrorText error={error} /> },
  { head: 'Last failure', cell: ({ lastFailure }) => <When at={lastFailure} /> },
  { head: 'Replays', numeric: true, cell: ({ replays }) => replays },
];

/** The beginning of it: a statement that failed can be long, and is whole on the letter's page. */
export function ErrorText({ error }: { error: { class: string; message: string } }) {
  return (
    <span className="clamped">
      {error.class}: {error.message}
    </span>
  );
}
