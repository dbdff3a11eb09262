import type { Bench, Passed } from './run.ts';

const stepSeconds = 6;
const growth = 1.25;

/** Whether the system carried what was offered: refused next to nothing, and kept up. */
const carried = ({ samples, perSecond, pay }: Pick<Passed, 'samples' | 'perSecond' | 'pay'>): boolean => {
  // The first seconds belong to the step before.
  const settled = samples.slice(2);
  const sum = (of: 'accepted' | 'refused' | 'failed'): number =>
    settled.reduce((total, sample) => total + sample[of], 0);
  const rate = sum('accepted') / settled.length;
  return (
    sum('refused') + sum('failed') <= 0.01 * sum('accepted') &&
    rate >= 0.95 * perSecond &&
    pay.getValueAtPercentile(99) < 1_000
  );
};

/** Offers more and more until it is too much. @returns requests a second that were carried still */
export async function findCapacity(bench: Bench, say: (line: string) => void): Promise<number> {
  let capacity = 0;
  let failed = 0;
  for (let perSecond = 25; perSecond < 20_000; perSecond *= growth) {
    const passed = await bench.offer({ name: 'ramp', perSecond, seconds: stepSeconds });
    const ok = carried(passed);
    say(
      `  ${Math.round(perSecond)} requests/s: ${ok ? 'carried' : 'too much'}, payments' p99 ${passed.pay.getValueAtPercentile(99)} ms`,
    );
    if (ok) capacity = perSecond;
    failed = ok ? 0 : failed + 1;
    // Once may be a hiccup of the machine.
    if (failed === 2) break;
  }
  if (capacity === 0) throw new Error('it carries nothing at all');
  return capacity;
}
