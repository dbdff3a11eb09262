import { setTimeout as sleep } from 'node:timers/promises';
import type { Histogram } from 'hdr-histogram-js';
import type { Crowd, Noted } from '../load/crowd.ts';
import { openLoop } from '../load/open-loop.ts';
import { createCounter, createHistogram, type Second } from '../measure/series.ts';

type Phase = { name: string; perSecond: number; seconds: number };

/** What a phase came to. */
export type Passed = Phase & {
  seconds: number;
  samples: Second[];
  all: Histogram;
  pay: Histogram;
  dropped: number;
};

export type Bench = {
  offer: (phase: Phase) => Promise<Passed>;
  note: (noted: Noted) => void;
  samples: Second[];
  /** Answers that were neither a success nor an orderly refusal, with how often they came. */
  failures: Map<string, number>;
  /** Latency of the slowest that was accepted, ms. */
  slowest: () => number;
};

/** Offers load in phases, and takes a sample every second, which `look` adds to. */
export function createBench(options: {
  crowd: () => Crowd;
  look: () => Promise<Pick<Second, 'unfinishedSagas' | 'memory'>>;
  signal: AbortSignal;
}): Bench {
  const counter = createCounter();
  const samples: Second[] = [];
  const failures = new Map<string, number>();
  let slowest = 0;
  const startedAt = performance.now();

  async function sampleUntil(over: Promise<void>, phase: Phase): Promise<Passed> {
    const passed: Passed = {
      ...phase,
      samples: [],
      all: createHistogram(),
      pay: createHistogram(),
      dropped: 0,
    };
    let running = true;
    const stop = over.finally(() => (running = false));
    for (let next = performance.now() + 1_000; running; next += 1_000) {
      await sleep(Math.max(0, next - performance.now()));
      const { all, pay, ...counts } = counter.take();
      passed.all.add(all);
      passed.pay.add(pay);
      const second: Second = {
        at: Math.round((performance.now() - startedAt) / 1_000),
        phase: phase.name,
        ...counts,
        p50: all.getValueAtPercentile(50),
        p99: all.getValueAtPercentile(99),
        payP99: pay.getValueAtPercentile(99),
        ...(await options.look()),
      };
      passed.samples.push(second);
      samples.push(second);
    }
    await stop;
    return passed;
  }

  return {
    offer: async (phase) => {
      const crowd = options.crowd();
      let dropped = 0;
      const over = openLoop({ ...phase, signal: options.signal }, (intendedAt) => {
        counter.arrived();
        if (!crowd.arrive(intendedAt)) dropped++;
      });
      return { ...(await sampleUntil(over, phase)), dropped };
    },
    note: (noted) => {
      counter.note(noted);
      if (noted.outcome === 'accepted') slowest = Math.max(slowest, noted.latencyMs);
      if (noted.outcome !== 'failed') return;
      const what = `${noted.stage}: ${noted.status} ${noted.answer.code}`;
      failures.set(what, (failures.get(what) ?? 0) + 1);
    },
    samples,
    failures,
    slowest: () => slowest,
  };
}
