import { decode, type ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { every } from '@holdfast/shared/process/every';
import type { Logger } from 'pino';
import { resetEvent, seatsEvent } from './events.ts';
import type { Layout } from './layout.ts';
import type { Position } from './position.ts';
import { recentChanges } from './recent-changes.ts';
import type { StatusLetter } from './seat-status.ts';
import { seatsOfEvent } from './seats-of-event.ts';

/** Who is sent what changes, as it changes. */
export type Watcher = {
  send: (event: Buffer) => void;
  end: () => void;
};

/** The seats that change, as this instance learns of it from the events of reservations. */
export type Live = {
  position: () => Position;
  /** Events before this position aren't known. */
  begin: (position: Position) => void;
  take: (records: readonly ReceivedRecord[]) => void;
  /** Indexes of the seats that have changed since `position`; undefined where that isn't known any more, or not yet. */
  changedSince: (layout: Layout, position: Position) => number[] | undefined;
  /**
   * @param changed indexes of seats to be told of in any case, with the next changes
   * @returns ends it; undefined where too many performances are watched already
   */
  watch: (layout: Layout, watcher: Watcher, changed: readonly number[]) => (() => void) | undefined;
  stop: () => Promise<void>;
};

export type LiveSettings = {
  /** How often changes are told, in milliseconds. */
  everyMs: number;
  /** How many events are remembered, for those who come again. */
  maxEvents: number;
  /** More changes of a performance at once are not told one by one: all statuses are less. */
  maxChanges: number;
  maxPerformances: number;
};

type Watched = { layout: Layout; watchers: Set<Watcher>; changed: Set<number> };

/**
 * An event only says where to look: those of one seat may come out of order, being events of several reservations. So
 * seats are told as they are by now, and what has changed within `everyMs` is read by one statement.
 *
 * @param read the statuses of seats as they are
 */
export function liveSeats(
  read: (concertSeatIds: readonly string[]) => Promise<ReadonlyMap<string, StatusLetter>>,
  settings: LiveSettings,
  log: Logger,
): Live {
  const { everyMs, maxEvents, maxChanges, maxPerformances } = settings;
  const watched = new Map<string, Watched>();
  const recent = recentChanges(maxEvents);
  let position: number[] = [];

  function reset({ layout, watchers }: Watched): void {
    watched.delete(layout.version);
    const event = resetEvent(layout.version);
    for (const watcher of watchers) {
      watcher.send(event);
      watcher.end();
    }
  }

  /** What is to be told now; of more than `maxChanges` in all, some performances wait for the next time. */
  function takeDue(): { one: Watched; indexes: number[] }[] {
    const due = [];
    let taken = 0;
    for (const one of watched.values()) {
      const { size } = one.changed;
      if (size > maxChanges) reset(one);
      else if (size > 0 && taken + size <= maxChanges) {
        taken += size;
        due.push({ one, indexes: [...one.changed] });
        one.changed.clear();
      }
    }
    return due;
  }

  async function tellChanges(): Promise<void> {
    const until = [...position];
    const due = takeDue();
    if (due.length === 0) return;
    try {
      const statuses = await read(due.flatMap(({ one, indexes }) => idsAt(one.layout, indexes)));
      for (const { one, indexes } of due) tell(one, indexes, statuses, until);
    } catch (error) {
      for (const { one, indexes } of due) for (const index of indexes) one.changed.add(index);
      throw error;
    }
  }

  const telling = every(everyMs, 'telling of seats', tellChanges, log);

  return {
    position: () => position,
    begin: (at) => {
      position = [...at];
      recent.begin(at);
      for (const one of watched.values()) reset(one);
    },
    take: (records) => {
      for (const record of records) {
        const concertSeatIds = seatsIn(record);
        const offset = Number(record.offset);
        position[record.partition] = offset + 1;
        if (concertSeatIds.length === 0) continue;
        recent.add(record.partition, offset, concertSeatIds);
        for (const { layout, changed } of watched.values())
          for (const index of indexesOf(layout, concertSeatIds)) changed.add(index);
      }
    },
    changedSince: (layout, since) => {
      const concertSeatIds = recent.since(since, position);
      return concertSeatIds && indexesOf(layout, concertSeatIds);
    },
    watch: (layout, watcher, changed) => {
      let one = watched.get(layout.version);
      if (!one) {
        if (watched.size >= maxPerformances) return undefined;
        one = { layout, watchers: new Set(), changed: new Set() };
        watched.set(layout.version, one);
      }
      const { watchers } = one;
      watchers.add(watcher);
      for (const index of changed) one.changed.add(index);
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && watched.get(layout.version)?.watchers === watchers)
          watched.delete(layout.version);
      };
    },
    stop: telling.stop,
  };
}

function tell(
  { layout, watchers }: Watched,
  indexes: readonly number[],
  statuses: ReadonlyMap<string, StatusLetter>,
  until: Position,
): void {
  const changes = indexes.flatMap((index): [number, StatusLetter][] => {
    const status = statuses.get(layout.concertSeatIds[index] as string);
    return status ? [[index, status]] : [];
  });
  const event = seatsEvent(layout.version, until, changes);
  for (const watcher of watchers) watcher.send(event);
}

const idsAt = ({ concertSeatIds }: Layout, indexes: readonly number[]): string[] =>
  indexes.map((index) => concertSeatIds[index] as string);

const indexesOf = ({ indexOf }: Layout, concertSeatIds: readonly string[]): number[] =>
  concertSeatIds.flatMap((id) => indexOf.get(id) ?? []);

/** What can't be read is for those to tell whose work it is: here it changes no seat. */
function seatsIn(record: ReceivedRecord): string[] {
  try {
    return seatsOfEvent(decode(record).data);
  } catch {
    return [];
  }
}
