import { type KeyboardEvent, useMemo, useRef } from 'react';
import type { TimelineEntry } from '../../api/types.ts';
import { duration } from '../../ui/format.ts';
import { type Layout, layoutTimeline, measures, type Row } from './layout.ts';
import { Stroke } from './stroke.tsx';

/** The sequence diagram. Each message can be chosen; the arrow keys go from one to the next. */
export function Diagram(props: {
  entries: TimelineEntry[];
  chosen: number | undefined;
  onChoose: (index: number) => void;
}) {
  const { entries, chosen, onChoose } = props;
  const layout = useMemo(() => layoutTimeline(entries), [entries]);
  const ref = useRef<SVGSVGElement>(null);

  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const to = target(event.key, index, entries.length);
    if (to === undefined) return;
    event.preventDefault();
    onChoose(to);
    ref.current?.querySelector<SVGElement>(`[data-index="${to}"]`)?.focus();
  };

  return (
    <div className="diagram" role="listbox" aria-label="Messages of the saga, in the order of time">
      <svg ref={ref} width={layout.width} height={layout.height} role="none">
        <Lifelines layout={layout} />
        {layout.rows.map((row) => (
          <g
            key={row.index}
            data-index={row.index}
            data-kind={row.entry.kind}
            data-undo={row.entry.action === 'undo' || undefined}
            className="entry"
            role="option"
            tabIndex={row.index === (chosen ?? 0) ? 0 : -1}
            aria-selected={row.index === chosen}
            aria-label={spoken(row)}
            onClick={() => onChoose(row.index)}
            onKeyDown={(event) => onKeyDown(event, row.index)}
          >
            <rect
              className="hit"
              x="2"
              y={row.y - measures.row / 2 + 1}
              width={layout.width - 4}
              height={measures.row - 2}
              rx="4"
            />
            <text className="at" x={measures.times - 14} y={row.y + 4} textAnchor="end">
              {since(row)}
            </text>{' '}
            <Stroke row={row} />
          </g>
        ))}
      </svg>
    </div>
  );
}

/** What stands behind the messages: who takes part, when they are busy, and where time passes. */
function Lifelines({ layout: { lanes, activations, pauses, width, height } }: { layout: Layout }) {
  return (
    <g>
      {lanes.map(({ id, x }) => (
        <g key={id} className="lane">
          <line x1={x} x2={x} y1={measures.head - 6} y2={height} />
          <rect x={x - measures.lane / 2 + 4} y="6" width={measures.lane - 8} height="26" rx="5" />
          <text x={x} y="23" textAnchor="middle">
            {id}
          </text>
        </g>
      ))}
      {activations.map(({ x, top, bottom, answered, undo }) => (
        <rect
          key={`${x} ${top}`}
          className="activation"
          data-answered={answered}
          data-undo={undo || undefined}
          x={x - 4}
          y={top}
          width="8"
          height={Math.max(4, bottom - top)}
          rx="2"
        />
      ))}
      {pauses.map(({ y, ms }) => (
        <g key={y} className="pause">
          <line x1={measures.times - 8} x2={width - 8} y1={y} y2={y} />
          <text x={measures.times - 14} y={y + 4} textAnchor="end">
            {duration(ms)}
          </text>
        </g>
      ))}
    </g>
  );
}

// Clocks differ by a little: what seems to be before the beginning was at the beginning.
const since = ({ sinceStartMs }: Row) => `+${(Math.max(0, sinceStartMs) / 1_000).toFixed(3)}`;

/** Begins with what stands there, as whoever speaks to the machine sees it. */
function spoken(row: Row): string {
  const { kind, label, from, to } = row.entry;
  return `${since(row)} ${label}, ${kind}, ${from === to ? `at ${from}` : `${from} to ${to}`}`;
}

function target(key: string, index: number, length: number): number | undefined {
  switch (key) {
    case 'Enter':
    case ' ':
      return index;
    case 'ArrowDown':
      return Math.min(length - 1, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}
