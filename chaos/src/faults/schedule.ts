import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultInjected } from '../history/history.ts';
import { untilRecovered } from '../recovery/probe.ts';
import { type Fault, type Injection, nameOf, type Stage } from './fault.ts';

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
const maxRoundsForMissing = 3;

/**
 * Injects one fault after another, from a bag that is shuffled each time it is empty, with calm after each.
 *
 * @returns those that could not be injected even once, or that the system never got over
 */
export async function runFaults(stage: Stage, schedule: Schedule): Promise<string[]> {
  const { faults, until, signal, at } = schedule;
  const missing = new Set(faults.map(nameOf));
  const unrecovered: string[] = [];
  const mayGoOn = (round: number): boolean => round === 0 || Date.now() < until;
  for (let round = 0; mayGoOn(round) || (missing.size > 0 && round < maxRoundsForMissing); round++) {
    for (const fault of stage.random.shuffle(faults)) {
      if (signal.aborted) break;
      if (!mayGoOn(round) && !missing.has(nameOf(fault))) continue;
      const injection = await inject(stage, schedule, fault);
      if (injection) {
        missing.delete(nameOf(fault));
        if (!(await recover(stage, schedule, fault, injection))) unrecovered.push(nameOf(fault));
      }
      at('calm');
      await sleep(stage.random.between(...calmMs));
    }
    if (signal.aborted) return unrecovered;
  }
  return [...missing, ...unrecovered];
}

/** One that can't be injected, because the system is still at its knees say, comes again in the next round. */
async function inject(stage: Stage, { at, say }: Schedule, fault: Fault): Promise<Injection | undefined> {
  at(nameOf(fault));
  try {
    return await fault.inject(stage);
  } catch (error) {
    say(`${nameOf(fault)} could not be injected: ${(error as Error).message}`);
    return undefined;
  }
}

async function recover(
  stage: Stage,
  { note, say, at, signal }: Schedule,
  fault: Fault,
  injection: Injection,
): Promise<boolean> {
  at(`recovering from ${nameOf(fault)}`);
  const recoveredAt = await untilRecovered(stage.rig, stage.probe, recoverWithinMs, signal);
  note({ kind: 'fault', fault: fault.kind, ...injection, ...(recoveredAt !== undefined && { recoveredAt }) });
  const { target, from, until } = injection;
  const lasted = until > from ? ` for ${seconds(until - from)}` : '';
  const recovered = recoveredAt ? `itself again after ${seconds(recoveredAt - until)}` : 'not itself again';
  say(`${fault.kind} (${target})${lasted}: ${recovered}`);
  return recoveredAt !== undefined || signal.aborted;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
