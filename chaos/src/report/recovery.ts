import type { Requests } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import type { FaultInjected } from '../history/history.ts';

export type KindOfFault = {
  fault: string;
  count: number;
  /** The longest time in which nothing succeeded that overlaps such a fault, ms. */
  longestOutageMs: number;
  /** From the end of a fault until the system was itself again, ms; of those where it was. */
  recoveriesMs: readonly number[];
};

/** What each kind of fault has cost. */
export function costOfFaults({ faults, successes }: Pick<Requests, 'faults' | 'successes'>): KindOfFault[] {
  return [...groupBy(faults, ({ fault }) => fault)].map(([fault, ofKind]) => ({
    fault,
    count: ofKind.length,
    longestOutageMs: Math.max(...ofKind.map((one) => outage(one, successes))),
    recoveriesMs: ofKind
      .flatMap(({ until, recoveredAt }) =>
        recoveredAt === undefined ? [] : [Math.max(recoveredAt - until, 0)],
      )
      .sort((a, b) => a - b),
  }));
}

/** The longest gap between two successes that overlaps the fault and its aftermath. */
function outage({ from, until, recoveredAt }: FaultInjected, successes: readonly number[]): number {
  const end = Math.max(recoveredAt ?? until, until);
  let longest = 0;
  for (let i = firstAfter(successes, from); i < successes.length; i++) {
    const before = successes[i - 1];
    if (before === undefined) continue;
    if (before >= end) break;
    longest = Math.max(longest, (successes[i] as number) - before);
  }
  return longest;
}

/** The index of the first that is later than `at`. */
function firstAfter(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
