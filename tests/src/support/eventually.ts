import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is good. Fails with the last complaint, so that a test says what was missing. */
export async function eventually<T>(probe: () => Promise<T> | T, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    // Whoever stood still beyond it has not asked since.
    const last = Date.now() > deadline;
    try {
      return await probe();
    } catch (error) {
      if (last) throw error;
      await sleep(50);
    }
  }
}
