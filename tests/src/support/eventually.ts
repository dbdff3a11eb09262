import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is good. Fails with the last complaint, so that a test says what was missing. */
export async function eventually<T>(probe: () => Promise<T> | T, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
