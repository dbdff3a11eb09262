import { setMaxListeners } from 'node:events';

interface Stoppable {
  stop(): Promise<void>;
}

/** Starts several things at once. When one fails, or `signal` aborts, none of them is left running. */
export async function startSideBySide<T extends Stoppable>(
  starts: ((signal: AbortSignal) => Promise<T>)[],
  signal: AbortSignal,
): Promise<T[]> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  // Each start listens to it while it waits: that isn't a leak.
  setMaxListeners(0, either);
  const started: T[] = [];
  await Promise.allSettled(
    starts.map(async (start, index) => {
      try {
        started[index] = await start(either);
      } catch (error) {
        failure.abort(error);
      }
    }),
  );
  if (failure.signal.aborted) {
    await Promise.all(started.map((one) => one?.stop()));
    throw failure.signal.reason;
  }
  return started;
}
