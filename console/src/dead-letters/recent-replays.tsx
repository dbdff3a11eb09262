import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { listReplays } from '../api/operations.ts';
import type { Replay } from '../api/types.ts';
import { count } from '../ui/format.ts';
import { Mark } from '../ui/mark.tsx';
import { replayMarks } from '../ui/states.ts';
import { type Column, Table } from '../ui/table.tsx';
import { When } from '../ui/time.tsx';

const columns: Column<Replay>[] = [
  {
    head: 'Replay',
    cell: ({ replayId }) => (
      <Link href={`/replays/${replayId}`} className="number">
        {replayId}
      </Link>
    ),
  },
  { head: 'Status', cell: ({ status }) => <Mark {...replayMarks[status]} /> },
  { head: 'Sent', numeric: true, cell: ({ sent, total }) => `${count(sent)} of ${count(total)}` },
  { head: 'Failed again', numeric: true, cell: ({ failedAgain }) => count(failedAgain) },
  { head: 'Started', cell: ({ startedAt }) => <When at={startedAt} /> },
  { head: 'By', cell: ({ startedBy }) => startedBy.name ?? startedBy.operatorId },
  { head: 'Reason', wide: true, cell: ({ reason }) => reason ?? <span className="muted">none given</span> },
];

export function RecentReplays() {
  const replays = useQuery({
    queryKey: ['replays'],
    queryFn: () => listReplays({ limit: 10 }),
    refetchInterval: 3_000,
  });
  const items = replays.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section>
      <h2>Replays</h2>
      <Table caption="The latest replays" columns={columns} rows={items} keyOf={({ replayId }) => replayId} />
    </section>
  );
}
