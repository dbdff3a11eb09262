import { useState } from 'react';
import { Link } from 'wouter';
import { listSagas } from '../api/operations.ts';
import type { SagaSummary } from '../api/types.ts';
import { ChangeButtons } from '../ui/change-button.tsx';
import { money } from '../ui/format.ts';
import { Mark } from '../ui/mark.tsx';
import { Empty } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Pages } from '../ui/pages.tsx';
import { sagaMarks } from '../ui/states.ts';
import { type Column, Table } from '../ui/table.tsx';
import { When } from '../ui/time.tsx';
import { DecisionDialog } from './decision-dialog.tsx';

/** Sagas that wait for a person: why, since when, and what is at stake. */
export function ParkedPage() {
  const [retrying, setRetrying] = useState<SagaSummary>();
  const columns: Column<SagaSummary>[] = [
    {
      head: 'Saga',
      cell: ({ sagaId, type, sagaNo }) => (
        <Link href={`/sagas/${sagaId}`} title={sagaId}>
          {type} <span className="number">#{sagaNo}</span>
        </Link>
      ),
    },
    { head: 'Status', cell: ({ status }) => <Mark {...sagaMarks[status]} /> },
    { head: 'Since', cell: ({ parkedAt, startedAt }) => <When at={parkedAt ?? startedAt} /> },
    {
      head: 'Why',
      wide: true,
      cell: ({ parkedReason, failure }) => (
        <>
          {parkedReason}
          {failure && (
            <span className="under">
              it was being undone because of {failure.type}: {failure.detail ?? failure.code}
            </span>
          )}
        </>
      ),
    },
    { head: 'At stake', numeric: true, cell: ({ atStake }) => (atStake ? money(atStake) : 'no money') },
    {
      head: 'Decide',
      cell: (saga) => <ChangeButtons buttons={[{ label: 'Retry …', onClick: () => setRetrying(saga) }]} />,
    },
  ];

  return (
    <>
      <PageTitle title="Parked sagas">
        <p className="as-of">
          A compensation was sent as often as its budget allows and never acknowledged. Each keeps its seat
          locked.
        </p>
      </PageTitle>
      <Pages
        queryKey={['sagas', 'parked']}
        load={(cursor) => listSagas({ status: ['PARKED'], cursor })}
        refreshMs={3_000}
        empty={<Empty>None is parked. Nothing waits for you here.</Empty>}
      >
        {(sagas) => (
          <Table caption="Parked sagas" columns={columns} rows={sagas} keyOf={(saga) => saga.sagaId} />
        )}
      </Pages>
      {retrying && <DecisionDialog saga={retrying} decision="retry" onClose={() => setRetrying(undefined)} />}
    </>
  );
}
