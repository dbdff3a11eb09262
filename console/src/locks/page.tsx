import { Link } from 'wouter';
import { listLocks } from '../api/operations.ts';
import type { HeldLock } from '../api/types.ts';
import { duration, shortId } from '../ui/format.ts';
import { Mark } from '../ui/mark.tsx';
import { Empty } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Pages } from '../ui/pages.tsx';
import { redisMarks, sagaMarks } from '../ui/states.ts';
import { type Column, Table } from '../ui/table.tsx';
import { When } from '../ui/time.tsx';

const columns: Column<HeldLock>[] = [
  { head: 'Lock', wide: true, cell: ({ lockKey }) => <code>{lockKey}</code> },
  {
    head: 'Saga',
    cell: ({ sagaId, sagaType }) => (
      <Link href={`/sagas/${sagaId}`} title={sagaId}>
        {sagaType} <span className="number">{shortId(sagaId)}</span>
      </Link>
    ),
  },
  {
    head: 'Status',
    cell: ({ sagaStatus }) =>
      sagaStatus ? <Mark {...sagaMarks[sagaStatus]} /> : <span className="muted">no saga</span>,
  },
  { head: 'Since', cell: ({ since }) => <When at={since} /> },
  {
    head: 'In Redis',
    cell: ({ redis: { state, expiresInMs } }) => (
      <>
        <Mark {...redisMarks[state]} />
        {expiresInMs !== undefined && <span className="under">for {duration(expiresInMs)} more</span>}
      </>
    ),
  },
];

/** Who holds what since when. */
export function LocksPage() {
  return (
    <>
      <PageTitle title="Locks">
        <p className="as-of">
          Postgres decides who holds a seat; what Redis knows only turns rivals away sooner.
        </p>
      </PageTitle>
      <Pages
        queryKey={['locks']}
        load={(cursor) => listLocks({ cursor })}
        refreshMs={3_000}
        empty={<Empty>No seat is locked.</Empty>}
      >
        {(locks) => <Table caption="Locks" columns={columns} rows={locks} keyOf={({ lockKey }) => lockKey} />}
      </Pages>
    </>
  );
}
