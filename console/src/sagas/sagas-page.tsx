import { Link, useSearchParams } from 'wouter';
import { listSagas, type SagaFilter } from '../api/operations.ts';
import type { SagaStatus, SagaSummary } from '../api/types.ts';
import { clock, duration, shortId } from '../ui/format.ts';
import { Mark } from '../ui/mark.tsx';
import { Empty } from '../ui/notice.tsx';
import { useNow } from '../ui/now.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { Pages } from '../ui/pages.tsx';
import { sagaMarks, sagaStatuses } from '../ui/states.ts';
import { type Column, Table } from '../ui/table.tsx';
import { When } from '../ui/time.tsx';
import { FindSaga } from './find-saga.tsx';

export function SagasPage() {
  const [search, setSearch] = useSearchParams();
  const filter = filterIn(search);

  const change = (name: string, values: readonly string[]) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete(name);
        for (const value of values) if (value !== '') next.append(name, value);
        return next;
      },
      { replace: true },
    );
  const toggle = (status: SagaStatus) =>
    change(
      'status',
      filter.status.includes(status)
        ? filter.status.filter((each) => each !== status)
        : [...filter.status, status],
    );

  return (
    <>
      <PageTitle title="Sagas">
        <FindSaga />
      </PageTitle>
      <div className="filters">
        <fieldset className="choices">
          <legend>Status</legend>
          {sagaStatuses.map((status) => (
            <label key={status}>
              <input
                type="checkbox"
                checked={filter.status.includes(status)}
                onChange={() => toggle(status)}
              />
              <Mark {...sagaMarks[status]} />
            </label>
          ))}
        </fieldset>
        <span className="field">
          <label htmlFor="type">Type</label>
          <select id="type" value={filter.type} onChange={({ target }) => change('type', [target.value])}>
            <option value="">any</option>
            <option value="pay">pay</option>
            <option value="reserve">reserve</option>
          </select>
        </span>
        <label className="check">
          <input
            type="checkbox"
            checked={filter.overdue ?? false}
            onChange={({ target }) => change('overdue', target.checked ? ['true'] : [])}
          />
          Overdue only
        </label>
        {filter.lockKey && (
          <button type="button" className="quiet" onClick={() => change('lockKey', [])}>
            Lock {filter.lockKey} ✕
          </button>
        )}
      </div>
      <Pages
        queryKey={['sagas', filter]}
        load={(cursor) => listSagas({ ...filter, cursor })}
        empty={<Empty>No saga is like that.</Empty>}
      >
        {(sagas) => (
          <Table
            caption="Sagas, the newest first"
            columns={columns}
            rows={sagas}
            keyOf={(saga) => saga.sagaId}
          />
        )}
      </Pages>
    </>
  );
}

function filterIn(search: URLSearchParams): SagaFilter & { status: SagaStatus[] } {
  return {
    status: sagaStatuses.filter((status) => search.getAll('status').includes(status)),
    type: search.get('type') ?? '',
    overdue: search.get('overdue') === 'true' || undefined,
    lockKey: search.get('lockKey') ?? '',
  };
}

const columns: Column<SagaSummary>[] = [
  { head: 'Status', cell: ({ status }) => <Mark {...sagaMarks[status]} /> },
  {
    head: 'Saga',
    cell: ({ sagaId, type, sagaNo }) => (
      <Link href={`/sagas/${sagaId}`} title={sagaId}>
        {type} <span className="number">#{sagaNo}</span>
      </Link>
    ),
  },
  { head: 'Started', cell: ({ startedAt }) => <When at={startedAt} /> },
  { head: 'Lasted', numeric: true, cell: (saga) => <Lasted saga={saga} /> },
  { head: 'What stands out', wide: true, cell: (saga) => <StandsOut saga={saga} /> },
  {
    head: 'Locks',
    cell: ({ lockKeys }) => (
      <code title={lockKeys.join('\n')}>
        {shortId(lockKeys[0] ?? '')}
        {lockKeys.length > 1 && ` +${lockKeys.length - 1}`}
      </code>
    ),
  },
];

function Lasted({ saga: { startedAt, endedAt } }: { saga: SagaSummary }) {
  const now = useNow();
  return duration(Math.max(0, (endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt)));
}

/** The one thing to know of a saga that doesn't go as it should. */
function StandsOut({ saga }: { saga: SagaSummary }) {
  const { overdueMs, parkedReason, settlement, failure, waitingFor, deadlineAt } = saga;
  if (parkedReason) return <>{parkedReason}</>;
  if (settlement) return <>settled by hand: {settlement.reason}</>;
  return (
    <>
      {overdueMs !== undefined && (
        <Mark shape="clock" tone="warn" word={`Overdue by ${duration(overdueMs)}`} />
      )}
      {failure && (
        <span>
          {failure.type}: {failure.detail ?? failure.code}{' '}
        </span>
      )}
      {waitingFor.length > 0 && (
        <span className="muted">
          waits for {waitingFor.join(', ')}
          {deadlineAt && overdueMs === undefined && ` until ${clock(deadlineAt)}`}
        </span>
      )}
    </>
  );
}
