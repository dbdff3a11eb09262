import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultInjected } from '../history/history.ts';
import { untilRecovered } from '../recovery/probe.ts';
import { type Fault, nameOf, type Stage } from './fault.ts';

export type Schedule = {
  faults: readonly Fault[];
  /** ms since the epoch; every fault is injected once all the same. */
  until: number;
  signal: AbortSignal;
  note: (fault: FaultInjected) => void;
  /** What is at work now. */
  at: (doing: string) => void;
  say: (line: string) => void;
};

const recoverWithinMs = 300_000;
const calmMs = [500, 1_500] as const;

/** Injects one fault after another, from a bag that is shuffled each time it is empty, with calm after each. */
export async function runFaults(stage: Stage, schedule: Schedule): Promise<void> {
  const { faults, until, signal, at } = schedule;
  for (let round = 0; round === 0 || Date.now() < until; round++) {
    for (const fault of stage.random.shuffle(faults)) {
      if (signal.aborted || (round > 0 && Date.now() > until)) return;
      at(nameOf(fault));
      await injectOne(stage, schedule, fault);
      at('calm');
      await sleep(stage.random.between(...calmMs));
    }
  }
}

async function injectOne(stage: Stage, { note, say, at }: Schedule, fault: Fault): Promise<void> {
  const injection = await fault.inject(stage);
  at(`recovering from ${nameOf(fault)}`);
  const recoveredAt = await untilRecovered(stage.rig, stage.probe, recoverWithinMs);
  note({ kind: 'fault', fault: fault.kind, ...injection, ...(recoveredAt !== undefined && { recoveredAt }) });
  const { target, from, until } = injection;
  const lasted = until > from ? ` for ${seconds(until - from)}` : '';
  const recovered = recoveredAt ? `itself again after ${seconds(recoveredAt - until)}` : 'not itself again';
  say(`${fault.kind} (${target})${lasted}: ${recovered}`);
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
