import type { Line } from './line.ts';

/** How fast a line moves, and from that how long somebody waits and how often they need to ask. */

const windowMs = 60_000;
const shortestMs = 5_000;

export type Sample = { at: Date; admitted: number };

/** The samples of the last minute with one more. Closer together than a second they would tell nothing new. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && sample.at.getTime() - last.at.getTime() < 1_000) return [...samples];
  return [...samples.filter(({ at }) => sample.at.getTime() - at.getTime() <= windowMs), sample];
}

/**
 * Admissions a second: those of the last minute, as far as somebody has looked; at least what becomes free even if
 * everyone who is admitted stays to the last, and at most what the policy allows.
 */
export function admissionRate(line: Line, samples: readonly Sample[], activeTtlMs: number): number {
  const least = line.maxActive / (activeTtlMs / 1_000);
  const [first] = samples;
  const elapsedMs = first ? line.at.getTime() - first.at.getTime() : 0;
  const measured =
    first && elapsedMs >= shortestMs ? (line.admitted - first.admitted) / (elapsedMs / 1_000) : 0;
  return Math.min(Math.max(measured, least), line.maxPerSecond);
}

/** How long the one at `position` still waits; unknown where nobody is admitted at all. */
export const estimatedWaitMs = (position: number, rate: number): number | undefined =>
  rate > 0 ? Math.ceil((position / rate) * 1_000) : undefined;

const share = 5;

/**
 * When to ask again, in seconds: after a fifth of the wait. So a line that admits R a second and lasts W seconds is asked
 * about 5 R (1 + ln(W / 5)) times a second, however many wait in it.
 *
 * @param longestS more often than that at any rate, or who waits would count as gone
 */
export const retryAfterS = (waitMs: number | undefined, longestS: number): number =>
  waitMs === undefined ? longestS : Math.min(Math.max(1, Math.ceil(waitMs / 1_000 / share)), longestS);
