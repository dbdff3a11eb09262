import { build, type Histogram } from 'hdr-histogram-js';
import type { Noted, Outcome } from '../load/crowd.ts';

/** One second of a run. Latencies in ms, of what was accepted; memory in MiB. */
export type Second = {
  /** Since the start of the run. */
  at: number;
  phase: string;
  offered: number;
  accepted: number;
  refused: number;
  failed: number;
  /** Payments and holds that were accepted. */
  paid: number;
  held: number;
  p50: number;
  p99: number;
  payP99: number;
  unfinishedSagas: number;
  memory: Record<string, number>;
};

/** Latencies from 1 ms to 2 minutes, to two digits. */
export const createHistogram = (): Histogram =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: 120_000, numberOfSignificantValueDigits: 2 });

export type Counted = Pick<Second, 'offered' | 'accepted' | 'refused' | 'failed' | 'paid' | 'held'> & {
  all: Histogram;
  pay: Histogram;
};

/** Counts what happens until it is taken. */
export function createCounter(): { arrived: () => void; note: (noted: Noted) => void; take: () => Counted } {
  const empty = (): Counted => ({
    ...{ offered: 0, accepted: 0, refused: 0, failed: 0, paid: 0, held: 0 },
    all: createHistogram(),
    pay: createHistogram(),
  });
  let current = empty();
  return {
    arrived: () => current.offered++,
    note: ({ stage, outcome, latencyMs }) => {
      current[outcome satisfies Outcome]++;
      if (outcome !== 'accepted') return;
      const ms = Math.max(1, Math.round(latencyMs));
      current.all.recordValue(ms);
      if (stage === 'hold') current.held++;
      if (stage === 'pay') {
        current.paid++;
        current.pay.recordValue(ms);
      }
    },
    take: () => {
      const taken = current;
      current = empty();
      return taken;
    },
  };
}
