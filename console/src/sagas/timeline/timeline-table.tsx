import type { TimelineEntry } from '../../api/types.ts';
import { clockMs } from '../../ui/format.ts';
import { type Column, Table } from '../../ui/table.tsx';

export function TimelineTable(props: {
  entries: TimelineEntry[];
  chosen: number | undefined;
  onChoose: (index: number) => void;
}) {
  type Row = { entry: TimelineEntry; index: number };
  const columns: Column<Row>[] = [
    { head: 'At', cell: ({ entry }) => <span className="number">{clockMs(entry.at)}</span> },
    { head: 'From', cell: ({ entry }) => entry.from },
    {
      head: 'To',
      cell: ({ entry: { from, to } }) => (to === from ? <span className="muted">itself</span> : to),
    },
    {
      head: 'What',
      wide: true,
      cell: ({ entry, index }) => (
        <button type="button" className="link" onClick={() => props.onChoose(index)}>
          {entry.label}
        </button>
      ),
    },
    { head: 'Kind', cell: ({ entry }) => entry.kind },
    { head: 'Outcome', cell: ({ entry }) => entry.outcome ?? <span className="muted">–</span> },
    {
      head: 'Attempts',
      numeric: true,
      cell: ({ entry }) => entry.attempts ?? <span className="muted">–</span>,
    },
  ];
  return (
    <Table
      caption="Timeline"
      columns={columns}
      rows={props.entries.map((entry, index) => ({ entry, index }))}
      keyOf={({ index }) => index}
      currentKey={props.chosen}
    />
  );
}
