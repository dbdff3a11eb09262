import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Probe } from '../recovery/probe.ts';
import type { Rig } from '../system/rig.ts';
import type { Topics } from '../system/topics.ts';

/** What a fault works with. */
export type Stage = { rig: Rig; topics: Topics; random: Random; probe: Probe };

/** What was hit, and from when until when. A fault that is done at once ends as it begins. */
export type Injection = { target: string; from: number; until: number };

export type Fault = {
  /** As the history and the table call it. */
  kind: string;
  /** What it hits, where that isn't left to chance. */
  target?: string;
  /** Injects it, and has taken it away again when it resolves. */
  inject: (stage: Stage) => Promise<Injection>;
};

/** The name by which a fault is asked for: its kind, and its target if it has one. */
export const nameOf = ({ kind, target }: Fault): string => (target ? `${kind}:${target}` : kind);

/** Does something that is done at once. */
export async function atOnce(target: string, act: () => unknown): Promise<Injection> {
  const from = Date.now();
  await act();
  return { target, from, until: from };
}

/** Does something, and undoes it after a while. */
export async function forAWhile(
  target: string,
  act: () => unknown,
  undo: () => unknown,
  wait: () => Promise<unknown>,
): Promise<Injection> {
  const from = Date.now();
  await act();
  try {
    await wait();
  } finally {
    await undo();
  }
  return { target, from, until: Date.now() };
}

const graceMs = 1_000;

/** Waits until something is true; no longer than `withinMs`, and hardly longer than `over` tells. */
export async function untilTrue(is: () => boolean, withinMs: number, over: () => boolean): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  for (let overSince: number | undefined; !is(); ) {
    if (over()) overSince ??= Date.now();
    if (Date.now() > deadline || (overSince && Date.now() > overSince + graceMs)) return false;
    await sleep(20);
  }
  return true;
}
