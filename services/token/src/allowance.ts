/** How many of a concert's line were admitted lately, by slots of time: `counts[i]` in the slot `slot - i`. */
export type Recent = { slot: number; counts: number[] };

const slotMs = 100;
/** A second that begins anywhere reaches into this many slots. */
const slotsInASecond = 1_000 / slotMs + 1;

export const none: Recent = { slot: 0, counts: [] };

/** How many more may be admitted now, so that in no second there are more than `maxPerSecond`. */
export function allowance(recent: Recent, now: Date, maxPerSecond: number): number {
  const lately = shifted(recent, now).counts.reduce((sum, count) => sum + count, 0);
  return Math.max(0, maxPerSecond - lately);
}

/** The same after `admitted` more. */
export function noted(recent: Recent, now: Date, admitted: number): Recent {
  const { slot, counts } = shifted(recent, now);
  return { slot, counts: [(counts[0] ?? 0) + admitted, ...counts.slice(1)] };
}

/** As of now; what is longer ago than a second is dropped. A clock that was set back counts as standing still. */
function shifted({ slot, counts }: Recent, now: Date): Recent {
  const current = Math.max(slot, Math.floor(now.getTime() / slotMs));
  const passed = Math.min(current - slot, slotsInASecond);
  return { slot: current, counts: [...Array<number>(passed).fill(0), ...counts].slice(0, slotsInASecond) };
}
