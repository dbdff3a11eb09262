/** Random choices that a seed repeats. */
export type Random = {
  /** A whole number from `min` up to, without, `max`. */
  between: (min: number, max: number) => number;
  chance: (probability: number) => boolean;
  shuffle: <T>(items: readonly T[]) => T[];
};

/** @param stream which of the independent sequences of this seed: one for each user, so that they don't interleave */
export function createRandom(seed: number, stream = 0): Random {
  const next = mulberry32((seed ^ Math.imul(stream + 1, 0x9e3779b1)) >>> 0);
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min));
  return {
    between,
    chance: (probability) => next() < probability,
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
