import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

/**
 * Does `work` every `ms`, counted from the end of one run to the start of the next, so that runs never overlap. A run
 * that fails is logged and the next one comes all the same.
 *
 * @returns `stop` waits for the run that is under way
 */
export function every(
  ms: number,
  name: string,
  work: () => Promise<unknown>,
  log: Logger,
): { stop: () => Promise<void> } {
  const stopping = new AbortController();

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await work().catch((error) => log.warn({ err: error }, `${name} failed, next time again`));
      await sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = loop();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
