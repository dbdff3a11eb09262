import type { ServiceName } from '@holdfast/shared/contracts/define';

const probeEveryMs = 250;

/** The instances of one service, taken in turn, without those that are dead or stopping. */
export interface Upstream {
  next(): string;
  all(): readonly string[];
  /** Leaves an instance out until it takes requests again. */
  leaveOut(url: string): void;
  stop(): void;
}

export type Upstreams = Record<ServiceName, Upstream>;

export function createUpstream(urls: readonly string[]): Upstream {
  const leftOut = new Set<string>();
  let turn = 0;

  async function probe(url: string): Promise<void> {
    const state = await stateOf(url);
    if (state === 'serving') leftOut.delete(url);
    // One that doesn't answer in time may only be slow, and the others would have to carry its load as well.
    if (state === 'stopping') leftOut.add(url);
  }

  // One that few requests go to has to be seen stopping, too: the next might meet the closing of its connection.
  const watch = setInterval(() => urls.length > 1 && urls.forEach(probe), probeEveryMs).unref();

  return {
    next() {
      const serving = urls.filter((url) => !leftOut.has(url));
      // With none known to serve, one of them may have come back in this moment.
      const candidates = serving.length > 0 ? serving : urls;
      turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
      return candidates[turn % candidates.length] as string;
    },
    all: () => urls,
    leaveOut: (url) => leftOut.add(url),
    stop: () => clearInterval(watch),
  };
}

/** A service that stops says so by closing the connection after each answer; see stop.ts in libs/shared/src/http. */
export const saysGoodbye = (connection: string | string[] | null | undefined): boolean =>
  connection === 'close';

async function stateOf(url: string): Promise<'serving' | 'stopping' | 'silent'> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    if (!response.ok) return 'silent';
    return saysGoodbye(response.headers.get('connection')) ? 'stopping' : 'serving';
  } catch {
    return 'silent';
  }
}
