import { type Change, resetEvent, seatsEvent } from './events.ts';
import type { Layout } from './layout.ts';
import type { Watcher } from './live.ts';
import { type Position, positionIn } from './position.ts';
import { reached, type SeatMap } from './seat-map.ts';
import type { StatusLetter } from './seat-status.ts';
import type { Statuses } from './statuses.ts';

/** More seats that have changed meanwhile are not told one by one: all statuses are less. */
const maxMissed = 2_000;

/**
 * Readies all that somebody needs to follow a performance's seats from a position on, or from now on.
 *
 * @returns sends a watcher what it has missed, and from then on what changes; it returns what ends that
 * @throws Problem `performance-not-found`
 */
export async function join(
  seatMap: SeatMap,
  performanceId: string,
  after: Position | undefined,
): Promise<(watcher: Watcher) => () => void> {
  const { live } = seatMap;
  if (after) await reached(live, after);
  // What was missed is told as these statuses have it, which are shared: a thousand who come at once cost one look.
  const { layout, statuses } = after
    ? await seatMap.statuses(performanceId)
    : await seatMap.layout(performanceId).then(({ layout }) => ({ layout, statuses: undefined }));

  // Without a pause within: whatever changes in one would be told to nobody.
  return (watcher) => {
    const missed = after && statuses ? whatChanged(seatMap, layout, statuses, after) : nothing;
    const leave = missed && live.watch(layout, watcher, missed.since);
    if (!leave) {
      watcher.send(resetEvent(layout.version));
      watcher.end();
      return () => undefined;
    }
    const upTo = statuses ? positionIn(statuses.position) : live.position();
    watcher.send(seatsEvent(layout.version, upTo, missed.changes));
    return leave;
  };
}

type Missed = { changes: readonly Change[]; since: readonly number[] };
const nothing: Missed = { changes: [], since: [] };

/** What has changed between `after` and the statuses, as they have it; and the seats that have changed since. */
function whatChanged(
  { live }: SeatMap,
  layout: Layout,
  { position, statuses }: Statuses,
  after: Position,
): Missed | undefined {
  const changed = live.changedSince(layout, after);
  const since = live.changedSince(layout, positionIn(position));
  if (!changed || !since || changed.length > maxMissed) return undefined;
  return { changes: changed.map((index) => [index, statuses[index] as StatusLetter]), since };
}
