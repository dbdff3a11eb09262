import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { ServiceName } from '@holdfast/shared/contracts/define';

const probeEveryMs = 250;
const resolveEveryMs = 1_000;

/** The instances of one service, taken in turn, without those that are dead or stopping. */
export interface Upstream {
  next(): string;
  all(): readonly string[];
  /** Leaves an instance out until it takes requests again. */
  leaveOut(url: string): void;
  stop(): void;
}

export type Upstreams = Record<ServiceName, Upstream>;

/** @param names base URLs; a host name stands for as many instances as it has addresses, which come and go */
export function createUpstream(names: readonly string[], resolve: Resolve = addressesOf): Upstream {
  const leftOut = new Set<string>();
  let urls = names;
  let turn = 0;

  async function probe(url: string): Promise<void> {
    const state = await stateOf(url);
    if (state === 'serving') leftOut.delete(url);
    // One that doesn't answer in time may only be slow, and the others would have to carry its load as well.
    if (state === 'stopping') leftOut.add(url);
  }

  async function resolveAll(): Promise<void> {
    urls = (await Promise.all(names.map((name) => instancesOf(name, resolve)))).flat();
    for (const url of leftOut) if (!urls.includes(url)) leftOut.delete(url);
  }

  // One that few requests go to has to be seen stopping, too: the next might meet the closing of its connection.
  const watch = setInterval(() => urls.length > 1 && urls.forEach(probe), probeEveryMs).unref();
  // Where a name doesn't resolve, the instances that were known may still be there.
  const resolving = setInterval(() => void resolveAll().catch(() => undefined), resolveEveryMs).unref();
  if (!names.some(standsForMany)) clearInterval(resolving);
  else resolveAll().catch(() => undefined);

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
    stop() {
      clearInterval(watch);
      clearInterval(resolving);
    },
  };
}

/** The addresses of a host, of one family: of both they would be the same instances twice. */
type Resolve = (hostname: string) => Promise<string[]>;

const addressesOf: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, family: 4 })).map(({ address }) => address);

/** Behind TLS a certificate is for the name: there it is for the name's owner to spread the load. */
function standsForMany(name: string): boolean {
  const { protocol, hostname } = new URL(name);
  return protocol === 'http:' && hostname !== 'localhost' && isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
}

async function instancesOf(name: string, resolve: Resolve): Promise<string[]> {
  if (!standsForMany(name)) return [name];
  const { hostname, host } = new URL(name);
  const addresses = await resolve(hostname);
  return addresses.sort().map((address) => name.replace(host, host.replace(hostname, address)));
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
