/** Chance from a seed: the same seed, the same run. */
export type Random = {
  /** In [0, 1). */
  next: () => number;
  chance: (probability: number) => boolean;
  between: (from: number, to: number) => number;
  pick: <Item>(items: readonly Item[]) => Item;
  hex: (digits: number) => string;
  uuid: () => string;
};

/** mulberry32: 32 bits of state are enough to tell runs apart, and it is fast. */
export function seeded(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const hex = (digits: number): string => {
    let text = '';
    for (let left = digits; left > 0; left -= 4) text += fourDigits[(next() * 0x1_0000) >>> 0];
    return text.slice(0, digits);
  };
  return {
    next,
    hex,
    chance: (probability) => next() < probability,
    between: (from, to) => from + next() * (to - from),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  };
}

const fourDigits = Array.from({ length: 0x1_0000 }, (_, n) => n.toString(16).padStart(4, '0'));
