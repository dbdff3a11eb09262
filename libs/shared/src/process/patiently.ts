import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 60_000;
const pauseMs = 250;

/**
 * Does what a process needs at its start from a part that may be away, or be starting as well: tries again for a minute.
 * To die of it and be started anew would cost far more, just when the machine has the least to spare.
 */
export async function patiently<Result>(
  work: () => Promise<Result>,
  isPassing: (error: unknown) => boolean,
): Promise<Result> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(pauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || Date.now() > deadline) throw error;
    }
  }
}
