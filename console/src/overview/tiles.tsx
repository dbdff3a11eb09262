import { Link } from 'wouter';
import type { Overview } from '../api/types.ts';
import { count, duration, perSecond } from '../ui/format.ts';
import { Icon, type Shape, type Tone } from '../ui/mark.tsx';
import { Spark } from './chart.tsx';

type Tile = {
  name: string;
  value: string;
  /** In words what the number means now. */
  says: string;
  shape?: Shape;
  tone?: Tone;
  href?: string;
  of: (overview: Overview) => number | undefined;
};

export function Tiles(props: { overview: Overview | undefined; history: readonly Overview[] }) {
  return (
    <ul className="tiles">
      {tilesOf(props.overview).map(({ name, value, says, shape, tone = 'plain', href, of }) => {
        const content = (
          <>
            <span className="tile-name">{name}</span>
            <span className="tile-value">{value}</span>
            <span className="tile-says" data-tone={tone}>
              {shape && <Icon shape={shape} />}
              {says}
            </span>
            <Spark values={props.history.map(of)} />
          </>
        );
        return (
          <li key={name} data-tone={tone}>
            {href ? (
              <Link href={href} className="tile">
                {content}
              </Link>
            ) : (
              <div className="tile">{content}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** What waits for a person comes first. */
function tilesOf(overview: Overview | undefined): Tile[] {
  const { sagas, deadLetters, locks, replays } = overview ?? {};
  const shown = (value: number | undefined, write = count) => (value === undefined ? '–' : write(value));
  const p95 = overview && worstLatency(overview);
  const lag = overview && lagOf(overview);
  return [
    {
      name: 'Parked',
      value: shown(sagas?.parked),
      href: '/parked',
      of: ({ sagas }) => sagas.parked,
      ...alarm(sagas?.parked, 'pause', 'bad', 'wait for a decision', 'none waits'),
    },
    {
      name: 'Dead letters',
      value: shown(deadLetters?.open),
      href: '/dead-letters',
      of: ({ deadLetters }) => deadLetters.open,
      ...alarm(
        deadLetters?.open,
        'letter',
        'bad',
        replays?.running ? 'open, a replay runs' : 'open',
        'none is open',
      ),
    },
    {
      name: 'Overdue',
      value: shown(sagas?.overdue),
      href: '/sagas?overdue=true',
      of: ({ sagas }) => sagas.overdue,
      ...alarm(sagas?.overdue, 'clock', 'warn', 'late by over 2 s', 'all in time'),
    },
    {
      name: 'In flight',
      value: shown(sagas?.inFlight),
      href: '/sagas?status=RUNNING&status=COMPENSATING',
      says: sagas?.compensating ? `${count(sagas.compensating)} compensating` : 'none compensating',
      of: ({ sagas }) => sagas.inFlight,
    },
    {
      name: 'Sagas a second',
      value: shown(sagas?.endedPerSecond, perSecond),
      says: `${shown(sagas?.startedPerSecond, perSecond)} started`,
      of: ({ sagas }) => sagas.endedPerSecond,
    },
    {
      name: 'Latency, p95',
      value: shown(p95?.ms, duration),
      says: p95?.type ?? 'none ended',
      of: (each) => worstLatency(each)?.ms,
    },
    {
      name: 'Lag',
      value: shown(lag),
      says: 'not processed yet',
      of: lagOf,
    },
    {
      name: 'Locks',
      value: shown(locks?.held),
      href: '/locks',
      says: 'seats in use',
      of: ({ locks }) => locks.held,
    },
  ];
}

const alarm = (value: number | undefined, shape: Shape, tone: Tone, some: string, none: string) =>
  value ? { shape, tone, says: some } : { shape: 'check' as const, says: none };

const lagOf = ({ lag }: Overview) => lag.reduce((sum, each) => sum + each.lag, 0);

function worstLatency({ sagas }: Overview): { type: string; ms: number } | undefined {
  const known = sagas.byType.flatMap(({ type, latencyMs }) =>
    latencyMs ? [{ type, ms: latencyMs.p95 }] : [],
  );
  return known.sort((a, b) => b.ms - a.ms)[0];
}
