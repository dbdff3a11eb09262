import { Link } from 'wouter';
import type { Overview } from '../api/types.ts';
import { count, duration, perSecond } from '../ui/format.ts';
import { Empty } from '../ui/notice.tsx';
import { type Column, Table } from '../ui/table.tsx';

type OfType = Overview['sagas']['byType'][number];
type OfTopic = Overview['deadLetters']['byTopic'][number];
type Lag = Overview['lag'][number];

const latency = (of: OfType, percentile: 'p50' | 'p95' | 'p99') =>
  of.latencyMs ? duration(of.latencyMs[percentile]) : '–';

const typeColumns: Column<OfType>[] = [
  { head: 'Saga', cell: ({ type }) => <Link href={`/sagas?type=${type}`}>{type}</Link> },
  { head: 'Started a second', numeric: true, cell: (each) => perSecond(each.startedPerSecond) },
  { head: 'Completed', numeric: true, cell: ({ completed }) => count(completed) },
  { head: 'Compensated', numeric: true, cell: ({ compensated }) => count(compensated) },
  { head: 'p50', numeric: true, cell: (each) => latency(each, 'p50') },
  { head: 'p95', numeric: true, cell: (each) => latency(each, 'p95') },
  { head: 'p99', numeric: true, cell: (each) => latency(each, 'p99') },
];

const letterColumns: Column<OfTopic>[] = [
  {
    head: 'Topic',
    cell: ({ topic }) => <Link href={`/dead-letters?topic=${encodeURIComponent(topic)}`}>{topic}</Link>,
  },
  { head: 'Open', numeric: true, cell: ({ open }) => count(open) },
];

const lagColumns: Column<Lag>[] = [
  { head: 'Group', cell: ({ group }) => group },
  { head: 'Topic', cell: ({ topic }) => topic },
  { head: 'Not processed', numeric: true, cell: ({ lag }) => count(lag) },
];

const none = { startedPerSecond: 0, completed: 0, compensated: 0 };

/** The same by saga, by topic and by consumer group. */
export function Breakdown({ overview, types }: { overview: Overview | undefined; types: string[] }) {
  if (!overview) return null;
  const { sagas, deadLetters, lag } = overview;
  const rows = types.map((type) => sagas.byType.find((each) => each.type === type) ?? { type, ...none });
  return (
    <div className="breakdown">
      <div>
        <section>
          <h2>By saga</h2>
          {rows.length === 0 && <Empty>None was started in the last {overview.windowS} s.</Empty>}
          {rows.length > 0 && (
            <Table caption="Sagas by type" columns={typeColumns} rows={rows} keyOf={({ type }) => type} />
          )}
        </section>
        <section>
          <h2>Dead letters</h2>
          {deadLetters.byTopic.length === 0 && <Empty>None is open.</Empty>}
          {deadLetters.byTopic.length > 0 && (
            <Table
              caption="Open dead letters by topic"
              columns={letterColumns}
              rows={deadLetters.byTopic}
              keyOf={({ topic }) => topic}
            />
          )}
        </section>
      </div>
      <section>
        <h2>Lag</h2>
        <Table
          caption="Lag by consumer group and topic"
          columns={lagColumns}
          rows={lag}
          keyOf={({ group, topic }) => `${group} ${topic}`}
        />
      </section>
    </div>
  );
}
