import { useLive } from '../live/live.tsx';
import { clock, duration, perSecond } from '../ui/format.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { Breakdown } from './breakdown.tsx';
import { Chart } from './chart.tsx';
import { Tiles } from './tiles.tsx';

/** How the system is doing, second by second. */
export function OverviewPage() {
  const { overview, history } = useLive();
  // In the order in which they were seen: what comes later never pushes what is being read.
  const types = [...new Set(history.flatMap(({ sagas }) => sagas.byType.map(({ type }) => type)))];
  const latency = (type: string) =>
    history.map(({ sagas }) => sagas.byType.find((each) => each.type === type)?.latencyMs?.p95);

  return (
    <>
      <PageTitle title="Overview">
        <p className="as-of">
          {overview
            ? `as of ${clock(overview.at)}, rates and latencies over ${overview.windowS} s`
            : 'waiting for the first numbers'}
        </p>
      </PageTitle>
      <Tiles overview={overview} history={history} />
      <div className="charts">
        <Chart
          title="Sagas a second"
          series={[
            { name: 'started', values: history.map(({ sagas }) => sagas.startedPerSecond) },
            { name: 'ended', values: history.map(({ sagas }) => sagas.endedPerSecond) },
          ]}
          format={perSecond}
        />
        <Chart
          title="Latency, 95th percentile"
          series={types.map((type) => ({ name: type, values: latency(type) }))}
          format={duration}
        />
      </div>
      <Breakdown overview={overview} types={types} />
    </>
  );
}
