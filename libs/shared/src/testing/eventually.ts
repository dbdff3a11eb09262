import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `look` finds something. */
export async function eventually<Found>(
  what: string,
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
  withinMs = 45_000,
): Promise<Found> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    // Whoever stood still beyond it has not looked since.
    const last = Date.now() > deadline;
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (last) throw new Error(`${what}: not within ${withinMs} ms`);
    await sleep(20);
  }
}
