import type { Position } from './position.ts';

/** Which seats have changed of late, by the events that said so. */
export type RecentChanges = {
  add: (partition: number, offset: number, concertSeatIds: readonly string[]) => void;
  /** Forgets everything: what came before `now` isn't known. */
  begin: (now: Position) => void;
  /** The seats that have changed since `position`; undefined where it isn't known any more, or not yet. */
  since: (position: Position, now: Position) => string[] | undefined;
};

type Change = { partition: number; offset: number; concertSeatIds: readonly string[] };

/** Remembers the last `max` events. */
export function recentChanges(max: number): RecentChanges {
  /** The next takes the place of the oldest. */
  const ring: Change[] = [];
  let added = 0;
  /** By partition, the first offset from which all is remembered. */
  let floor: number[] = [];

  return {
    add: (partition, offset, concertSeatIds) => {
      const oldest = ring[added % max];
      if (oldest) floor[oldest.partition] = oldest.offset + 1;
      ring[added++ % max] = { partition, offset, concertSeatIds };
    },
    begin: (now) => {
      ring.length = 0;
      added = 0;
      floor = [...now];
    },
    since: (position, now) => {
      const isKnown =
        position.length === now.length &&
        position.every((offset, i) => offset >= (floor[i] as number) && offset <= (now[i] as number));
      if (!isKnown) return undefined;
      const later = ring.filter(({ partition, offset }) => offset >= (position[partition] as number));
      return [...new Set(later.flatMap(({ concertSeatIds }) => concertSeatIds))];
    },
  };
}
