import type { Journal } from '../journal.ts';

/** How long the requests took that succeeded, without those that were made to fail. */
export function latencyRows({ answers }: Pick<Journal, 'answers'>): string[][] {
  const rows = ['reserve', 'pay'].flatMap((step) => {
    const times = answers.filter((answer) => answer.step === step && answer.ok).map(({ ms }) => ms);
    if (times.length === 0) return [];
    return [
      [step, String(times.length), ...[0.5, 0.95, 0.99].map((share) => shown(percentile(times, share)))],
    ];
  });
  return [['', 'answers', 'p50', 'p95', 'p99'], ...rows];
}

/** The smallest of the values that at least this share of them doesn't exceed. */
export function percentile(values: readonly number[], share: number): number {
  const inOrder = values.toSorted((a, b) => a - b);
  return inOrder[Math.max(0, Math.ceil(share * inOrder.length) - 1)] ?? Number.NaN;
}

const shown = (ms: number): string => `${Math.round(ms)} ms`;
