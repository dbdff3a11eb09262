import { setTimeout as sleep } from 'node:timers/promises';
import { setupError } from '../setup-error.ts';
import { lastWords } from './log-file.ts';
import type { Supervised } from './supervise.ts';

export interface Readiness {
  process: Supervised;
  logFile: string;
  check: () => Promise<unknown>;
  withinMs: number;
  signal: AbortSignal;
}

const deathsBeforeGivingUp = 3;

/** Waits until a process that has just been started answers. */
export async function untilReady({ process, logFile, check, withinMs, signal }: Readiness): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      await check();
      return;
    } catch {
      if (process.restarts >= deathsBeforeGivingUp) {
        throw setupError(
          `${process.name} keeps ending at its start; its log ${logFile} says: ${lastWords(logFile)}`,
        );
      }
      if (Date.now() > deadline) {
        throw setupError(`${process.name} isn't ready after ${withinMs / 1_000} s; see its log: ${logFile}`);
      }
    }
    await sleep(50, undefined, { signal });
  }
}
