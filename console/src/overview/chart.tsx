import { historyLength } from '../live/live.tsx';
import { linePath, niceMaximum } from './line.ts';

type Values = readonly (number | undefined)[];

const width = 600;
const height = 120;

/** The last two minutes, the newest at the right. */
export function Chart(props: {
  title: string;
  series: readonly { name: string; values: Values }[];
  format: (value: number) => string;
}) {
  const { title, series, format } = props;
  const maximum = niceMaximum(series.flatMap(({ values }) => values));
  const scale = { width, height, length: historyLength, maximum };
  return (
    <figure className="chart">
      <figcaption>
        <strong>{title}</strong>
        {series.map(({ name, values }, index) => (
          <span key={name} className="legend" data-series={index}>
            <svg viewBox="0 0 18 8" aria-hidden="true">
              <path d="M0 4h18" />
            </svg>
            {name} <b>{values.at(-1) === undefined ? '–' : format(values.at(-1) as number)}</b>
          </span>
        ))}
      </figcaption>
      <div className="plot">
        <span className="axis">{format(maximum)}</span>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          <path className="grid" d={`M0 .5h${width}M0 ${height / 2}h${width}M0 ${height - 0.5}h${width}`} />
          {series.map(({ name, values }, index) => (
            <path key={name} className="line" data-series={index} d={linePath(values, scale)} />
          ))}
        </svg>
        <span className="axis">
          <span>2 min ago</span>
          <span>now</span>
        </span>
      </div>
    </figure>
  );
}

export function Spark({ values }: { values: Values }) {
  const scale = { width: 120, height: 24, length: historyLength, maximum: niceMaximum(values) };
  return (
    <svg className="spark" viewBox="0 -1 120 26" preserveAspectRatio="none" aria-hidden="true">
      <path d={linePath(values, scale)} />
    </svg>
  );
}
