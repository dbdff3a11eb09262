/** How the API says it. */
type StatusLetter = 'A' | 'H' | 'S';
export type SeatState = 'free' | 'held' | 'sold' | 'mine';

const stateOf: Record<StatusLetter, SeatState> = { A: 'free', H: 'held', S: 'sold' };

/**
 * How each seat of a performance stands: outside of React, since with fifty thousand seats and several changes a second
 * nothing may be made anew for each of them.
 */
export type Statuses = {
  of: (index: number) => SeatState;
  free: () => number;
  /** Raised by every change. */
  revision: () => number;
  load: (all: { statuses: string; mine?: readonly number[] }) => void;
  apply: (changes: readonly (readonly [number, StatusLetter])[]) => void;
  /** @param listener is told which seats have changed; of `undefined`, any may have */
  subscribe: (listener: (indexes: readonly number[] | undefined) => void) => () => void;
};

export function createStatuses(): Statuses {
  let states: SeatState[] = [];
  let mine = new Set<number>();
  let free = 0;
  let revision = 0;
  const listeners = new Set<(indexes: readonly number[] | undefined) => void>();

  function tell(indexes: readonly number[] | undefined): void {
    revision++;
    for (const listener of listeners) listener(indexes);
  }

  /** A seat of one's own is held or sold to everybody else; once it is free, it is nobody's. */
  function set(index: number, letter: StatusLetter): boolean {
    if (letter === 'A') mine.delete(index);
    const state = mine.has(index) ? 'mine' : stateOf[letter];
    const before = states[index];
    if (before === undefined || before === state) return false;
    free += Number(state === 'free') - Number(before === 'free');
    states[index] = state;
    return true;
  }

  return {
    of: (index) => states[index] ?? 'sold',
    free: () => free,
    revision: () => revision,
    load: (all) => {
      mine = new Set(all.mine);
      states = Array.from(all.statuses, (letter, index) =>
        mine.has(index) ? 'mine' : stateOf[letter as StatusLetter],
      );
      free = states.filter((state) => state === 'free').length;
      tell(undefined);
    },
    apply: (changes) => {
      const changed = changes.filter(([index, letter]) => set(index, letter)).map(([index]) => index);
      if (changed.length > 0) tell(changed);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
