import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Lets arrivals happen at a rate, whether or not what came before has ended: the clients of a system that is slow don't
 * come any slower. Each is given the moment at which it was meant to happen, and its latency counts from there, also
 * where this process was late itself (coordinated omission).
 */
export async function openLoop(
  { perSecond, seconds, signal }: { perSecond: number; seconds: number; signal: AbortSignal },
  arrive: (intendedAt: number) => void,
): Promise<void> {
  const startedAt = performance.now();
  const arrivals = Math.round(perSecond * seconds);
  for (let arrived = 0; arrived < arrivals; ) {
    signal.throwIfAborted();
    const due = Math.min(Math.floor(((performance.now() - startedAt) / 1_000) * perSecond), arrivals);
    for (; arrived < due; arrived++) arrive(startedAt + (arrived / perSecond) * 1_000);
    await sleep(1);
  }
}
