/** Chance from a seed: the same seed, the same choices. */
export type Random = {
  chance: (probability: number) => boolean;
  /** A whole number from `from` up to, without, `to`. */
  between: (from: number, to: number) => number;
  pick: <Item>(items: readonly Item[]) => Item;
  shuffle: <Item>(items: readonly Item[]) => Item[];
};

/** @param stream which of the independent sequences of this seed: what interleaves must not draw from one */
export function seeded(seed: number, stream = 0): Random {
  const next = mulberry32((seed ^ Math.imul(stream + 1, 0x9e3779b1)) >>> 0);
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from));
  return {
    chance: (probability) => next() < probability,
    between,
    pick: (items) => items[between(0, items.length)] as (typeof items)[number],
    shuffle: (items) => {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = between(0, i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j] as (typeof items)[0], shuffled[i] as (typeof items)[0]];
      }
      return shuffled;
    },
  };
}

/** From 0 up to, without, 1. */
function mulberry32(state: number): () => number {
  let a = state;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
