import type { Second } from '../measure/series.ts';
import type { Audit } from './audit.ts';
import type { Passed } from './run.ts';

export type Criterion = { name: string; holds: boolean; saw: string };

export type Measured = {
  below: Passed;
  over: Passed;
  after: Passed;
  failures: ReadonlyMap<string, number>;
  slowestMs: number;
  quietAfterMs: number;
  audit: Audit;
};

/** Accepted work is answered within the time that a client waits by default. */
const longestMs = 10_000;
const overloadP99Ms = 3_000;
const recoveredWithinS = 10;

const mean = (values: number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

/** What has to hold in an overload and after it. */
export function judge({
  below,
  over,
  after,
  failures,
  slowestMs,
  quietAfterMs,
  audit,
}: Measured): Criterion[] {
  const overPay = over.pay.getValueAtPercentile(99);
  const growth = memoryGrowth(over.samples);
  const recovery = secondsToRecover(after);
  const paidBelow = mean(below.samples.map(({ paid }) => paid));
  const paidOver = mean(over.samples.map(({ paid }) => paid));
  return [
    {
      name: 'every answer is a success, or 429/503 with Retry-After',
      holds: failures.size === 0,
      saw: [...failures].map(([what, times]) => `${what} ×${times}`).join(', ') || 'no other',
    },
    {
      name: 'there was something to refuse',
      holds: over.samples.some(({ refused }) => refused > 0) && over.dropped === 0,
      saw: `${percent(refusedShare(over))} refused; ${over.dropped} arrivals without a visitor`,
    },
    {
      name: `payments' p99 in the overload is below ${overloadP99Ms} ms, the slowest answer below ${longestMs} ms`,
      holds: overPay < overloadP99Ms && slowestMs < longestMs,
      saw: `${overPay} ms, ${Math.round(slowestMs)} ms`,
    },
    {
      name: 'it pays in the overload no less than before it',
      holds: paidOver >= 0.9 * paidBelow,
      saw: `${paidOver.toFixed(1)}/s, before ${paidBelow.toFixed(1)}/s`,
    },
    {
      name: 'no process grows by more than 64 MiB from the first third of the overload to the last',
      holds: Object.values(growth).every((mib) => mib <= 64),
      saw: Object.entries(growth)
        .map(([name, mib]) => `${name} ${mib >= 0 ? '+' : ''}${Math.round(mib)}`)
        .join(', '),
    },
    {
      name: `within ${recoveredWithinS} s after it, everything is served again and as fast as before`,
      holds: recovery !== undefined && recovery <= recoveredWithinS,
      saw: recovery === undefined ? 'never' : `${recovery} s`,
    },
    {
      name: 'every saga that began has completed',
      holds: audit.notCompleted === 0,
      saw: `${audit.completed} of ${audit.sagas}, the last ${(quietAfterMs / 1_000).toFixed(1)} s after the load`,
    },
    {
      name: 'resending does not amplify: fewer than 1% of the sagas had a step sent twice',
      holds: audit.resentSteps < 0.01 * audit.sagas,
      saw: String(audit.resentSteps),
    },
    {
      name: 'money is conserved, no lock is left, no seat is sold twice',
      holds:
        audit.charged === audit.onBalances + audit.paid && audit.locks === 0 && audit.seatsSoldTwice === 0,
      saw: `charged ${audit.charged} = ${audit.onBalances} + ${audit.paid}; ${audit.locks} locks; ${audit.seatsSoldTwice} seats`,
    },
  ];
}

const percent = (share: number): string => `${Math.round(100 * share)}%`;

export const refusedShare = ({ samples }: Pick<Passed, 'samples'>): number =>
  mean(samples.map(({ refused, offered }) => refused / Math.max(offered, 1)));

/** By process, in MiB. */
export function memoryGrowth(samples: Second[]): Record<string, number> {
  const third = Math.ceil(samples.length / 3);
  const [first, last] = [samples.slice(0, third), samples.slice(-third)];
  const of = (some: Second[], name: string): number => mean(some.map(({ memory }) => memory[name] ?? 0));
  return Object.fromEntries(
    Object.keys(samples[0]?.memory ?? {}).map((name) => [name, of(last, name) - of(first, name)]),
  );
}

/** The second from which on, on average of five, all that is offered is accepted. */
export function secondsToRecover({
  samples,
  perSecond,
}: Pick<Passed, 'samples' | 'perSecond'>): number | undefined {
  const window = 5;
  const servedFrom = (from: number): boolean => {
    const some = samples.slice(from, from + window);
    const refused = mean(some.map(({ refused, failed }) => refused + failed));
    return (
      refused <= 0.01 * perSecond &&
      mean(some.map(({ accepted }) => accepted)) >= 0.95 * perSecond &&
      mean(some.map(({ payP99 }) => payP99)) < 1_000
    );
  };
  for (let from = 0; from + window <= samples.length; from++) if (servedFrom(from)) return from;
  return undefined;
}
