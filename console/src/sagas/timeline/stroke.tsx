import type { TimelineEntry } from '../../api/types.ts';
import type { Row } from './layout.ts';

/**
 * One line of the diagram. A command is a full line with a filled head, an answer a dashed one with an open head, a
 * compensation a double one; what happens in one place is a sign of its own on its lifeline.
 */
export function Stroke({ row }: { row: Row }) {
  const { entry, from, to, y } = row;
  if (from === to) {
    return (
      <g>
        <g className="sign" transform={`translate(${from} ${y})`}>
          {signs[entry.kind] ?? signs.event}
        </g>
        <text className="label" x={from + 14} y={y + 4}>
          {entry.label}
        </text>
      </g>
    );
  }
  const way = Math.sign(to - from);
  const tip = to - way * 5;
  return (
    <g>
      <Line
        from={from + way * 5}
        to={tip}
        y={y + 5}
        double={entry.action === 'undo' && entry.kind !== 'dead-letter'}
      />
      <path className="head" d={`M${tip - way * 8} ${y + 1}L${tip} ${y + 5}L${tip - way * 8} ${y + 9}`} />
      <text className="label" x={Math.min(from, to) + 12} y={y}>
        {entry.label}
      </text>
      {(entry.kind === 'dead-letter' || entry.outcome === 'refused') && (
        <g className="sign" transform={`translate(${Math.max(from, to) - 22} ${y + 5})`}>
          {signs['dead-letter']}
        </g>
      )}
    </g>
  );
}

function Line({ from, to, y, double }: { from: number; to: number; y: number; double: boolean }) {
  if (!double) return <path className="shaft" d={`M${from} ${y}H${to}`} />;
  return <path className="shaft" d={`M${from} ${y - 1.5}H${to}M${from} ${y + 1.5}H${to}`} />;
}

const signs: Partial<Record<TimelineEntry['kind'], React.ReactNode>> = {
  timeout: <path d="M-4 -6H4L-4 6H4Z" />,
  'dead-letter': <path d="m-4 -4 8 8M4 -4l-8 8" />,
  parked: <path d="M-6 -6H6V6H-6ZM-2 -3V3M2 -3V3" />,
  decision: <path d="M0 -7 7 0 0 7 -7 0Z" />,
  end: <path d="M-7 0H7M-7 4H7" />,
  begin: <path d="M-7 0H7" />,
  event: <circle r="4" />,
};
