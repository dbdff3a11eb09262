import { listAudit } from '../api/operations.ts';
import { Empty } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Pages } from '../ui/pages.tsx';
import { AuditTable } from './audit-table.tsx';

/** Who changed what, when and why. */
export function AuditPage() {
  return (
    <>
      <PageTitle title="Audit">
        <p className="as-of">
          Every change by an operator, the newest first. The same is on the topic ops.audit.
        </p>
      </PageTitle>
      <Pages
        queryKey={['audit']}
        load={(cursor) => listAudit({ cursor })}
        empty={<Empty>Nobody has changed anything.</Empty>}
      >
        {(entries) => <AuditTable entries={entries} />}
      </Pages>
    </>
  );
}
