import { compensated } from '../api/persist.ts';

/** A failure to inject into a saga, as the header `Holdfast-Fault` says it, and how the request then ends. */
export type Fault = { header: string; ends: string };

const each = (commands: readonly string[], kinds: readonly string[]): Fault[] =>
  commands.flatMap((command) =>
    kinds.map((kind) => ({
      header: `${command}=${kind}`,
      ends: endings[`${command}=${kind}`] ?? compensated,
    })),
  );

/** What has been confirmed has happened, even if nobody heard of it. */
const endings: Record<string, string> = { 'reservation.confirm=timeout-after': '201' };

/** A step is refused, never carried out, or carried out without an answer: the last only where something is done. */
export const reserveFaults: readonly Fault[] = [
  ...each(['token.claim', 'reservation.load-seat', 'balance.load-user'], ['reject', 'timeout']),
  ...each(['reservation.hold'], ['reject', 'timeout', 'timeout-after']),
];

export const payFaults: readonly Fault[] = [
  ...each(['token.claim', 'reservation.load', 'balance.load'], ['reject', 'timeout']),
  ...each(
    ['balance.deduct', 'payment.create', 'reservation.confirm'],
    ['reject', 'timeout', 'timeout-after'],
  ),
];

/** So many of each that about a seat in three meets one. */
export const repeated = (faults: readonly Fault[], seats: number): Fault[] =>
  Array.from({ length: Math.max(1, Math.floor(seats / 40)) }, () => faults).flat();
