import { useQuery } from '@tanstack/react-query';
import { examine } from '../api/operations.ts';
import type { Examination, Finding } from '../api/types.ts';
import { plural } from '../ui/format.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Mark } from '../ui/mark.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { findingMarks } from '../ui/states.ts';
import { type Column, Table } from '../ui/table.tsx';
import { When } from '../ui/time.tsx';

const columns: Column<Finding>[] = [
  { head: 'Status', cell: ({ status }) => <Mark {...findingMarks[status]} /> },
  { head: 'Area', cell: ({ area }) => area },
  { head: 'Check', cell: ({ check }) => <code>{check}</code> },
  {
    head: 'Seen',
    wide: true,
    cell: ({ detail, advice }) => (
      <>
        {detail}
        {advice && <span className="under">{advice}</span>}
      </>
    ),
  },
];

const severity = ['failed', 'warning', 'ok'];

export function DoctorPage() {
  const examination = useQuery({ queryKey: ['doctor'], queryFn: examine, staleTime: 10_000 });
  return (
    <>
      <PageTitle title="Doctor">
        <button type="button" onClick={() => void examination.refetch()} disabled={examination.isFetching}>
          {examination.isFetching ? 'Examining …' : 'Examine again'}
        </button>
      </PageTitle>
      <Loaded query={examination}>{(found) => <Findings examination={found} />}</Loaded>
    </>
  );
}

/** The worst first. */
function Findings({ examination: { at, status, findings } }: { examination: Examination }) {
  const rows = findings.toSorted((a, b) => severity.indexOf(a.status) - severity.indexOf(b.status));
  const wrong = findings.filter((each) => each.status !== 'ok').length;
  return (
    <>
      <section className="card standing" data-status={status}>
        <p className="standing-main">
          <Mark {...findingMarks[status]} />{' '}
          {wrong === 0
            ? `All ${plural(findings.length, 'check')} are well.`
            : `${wrong} of ${plural(findings.length, 'check')} ${wrong === 1 ? 'needs' : 'need'} a look.`}
        </p>
        <p className="muted">
          <When at={at} />
        </p>
      </section>
      <Table
        caption="Findings"
        columns={columns}
        rows={rows}
        keyOf={({ area, check }) => `${area} ${check}`}
      />
    </>
  );
}
