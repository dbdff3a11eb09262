import { setTimeout as sleep } from 'node:timers/promises';

/** Time and chance, for what the simulation has to run under its own. */
export type Clock = {
  /** ms since the epoch. */
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** In [0, 1). */
  random: () => number;
};

export const systemClock: Clock = { now: Date.now, sleep: (ms) => sleep(ms), random: Math.random };
