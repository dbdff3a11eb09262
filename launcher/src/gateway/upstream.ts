import type { ServiceName } from '../service-names.ts';

const probeEveryMs = 200;

/** The instances of one service, taken in turn, without those that have just been found dead. */
export interface Upstream {
  next(): string;
  all(): readonly string[];
  /** Leaves an instance out until it answers again. */
  leaveOut(url: string): void;
}

export type Upstreams = Record<ServiceName, Upstream>;

export function createUpstream(urls: readonly string[]): Upstream {
  const dead = new Set<string>();
  let turn = 0;

  async function probe(url: string): Promise<void> {
    if (await isAlive(url)) dead.delete(url);
    else setTimeout(probe, probeEveryMs, url).unref();
  }

  return {
    next() {
      const live = urls.filter((url) => !dead.has(url));
      // With none known to live, one of them may have come back in this moment.
      const candidates = live.length > 0 ? live : urls;
      turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
      return candidates[turn % candidates.length] as string;
    },
    all: () => urls,
    leaveOut(url) {
      if (dead.has(url)) return;
      dead.add(url);
      setTimeout(probe, probeEveryMs, url).unref();
    },
  };
}

async function isAlive(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
