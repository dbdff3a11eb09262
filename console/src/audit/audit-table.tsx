import { Link } from 'wouter';
import type { AuditEntry } from '../api/types.ts';
import { Code } from '../ui/code.tsx';
import { Mark, type MarkOf } from '../ui/mark.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { When } from '../ui/time.tsx';

const outcomes: Record<AuditEntry['outcome'], MarkOf> = {
  done: { shape: 'check', tone: 'plain', word: 'Done' },
  intended: { shape: 'ring', tone: 'muted', word: 'Intended' },
  failed: { shape: 'cross', tone: 'bad', word: 'Failed' },
};

const columns: Column<AuditEntry>[] = [
  { head: 'When', cell: ({ at }) => <When at={at} /> },
  { head: 'Who', cell: ({ operator }) => operator.name ?? operator.operatorId },
  { head: 'What', cell: ({ action }) => <code>{action}</code> },
  { head: 'Of', cell: ({ subject }) => <Subject subject={subject} /> },
  { head: 'Outcome', cell: ({ outcome }) => <Mark {...outcomes[outcome]} /> },
  { head: 'Why', wide: true, cell: ({ reason }) => reason ?? <span className="muted">no reason given</span> },
  {
    head: 'Before and after',
    cell: ({ auditId, before, after }) =>
      before === undefined && after === undefined ? (
        <span className="muted">nothing kept</span>
      ) : (
        <details>
          <summary>Show</summary>
          {before !== undefined && <Code value={before} label={`Before entry ${auditId}`} />}
          {after !== undefined && <Code value={after} label={`After entry ${auditId}`} />}
        </details>
      ),
  },
];

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  return <Table caption="Audit" columns={columns} rows={entries} keyOf={({ auditId }) => auditId} />;
}

const pages: Record<string, string> = { saga: 'sagas', letter: 'dead-letters', replay: 'replays' };

function Subject({ subject }: { subject: string }) {
  const [kind = '', id] = subject.split('/');
  const page = pages[kind];
  if (!page || !id) return <>{subject}</>;
  return (
    <Link href={`/${page}/${id}`} title={subject}>
      {kind} {id.slice(-12)}
    </Link>
  );
}
