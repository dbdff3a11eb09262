import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';
import type { Random } from '../random.ts';

/**
 * A TCP proxy whose connection can be broken.
 *
 * - `cut`: every connection is reset, and so is each new one
 * - `hang`: nothing gets through and nobody is told, as when a cable is pulled
 * - `slow`: every chunk takes `slowMs` longer, in both directions
 * - `drop`: each connection is reset after some bytes, most likely in the middle of a message
 */
export type ProxyMode = 'pass' | 'cut' | 'hang' | 'slow' | 'drop';

export type TcpProxy = {
  port: number;
  set: (mode: ProxyMode) => void;
  close: () => Promise<void>;
};

const slowMs = 150;
const dropAfterBytes = [1, 30_000] as const;

type Pipe = { resume: () => void };
type Link = { client: Socket; upstream: Socket; bytesLeft: number; pipes: Pipe[] };

/** Listens on a free port of loopback and passes everything on to `upstreamPort`, which may come later. */
export async function startProxy(upstreamPort: () => number, random: Random): Promise<TcpProxy> {
  let mode: ProxyMode = 'pass';
  const links = new Set<Link>();

  const server: Server = createServer({ noDelay: true }, (client) => {
    client.on('error', () => undefined);
    if (mode === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const upstream = dial({ port: upstreamPort(), host: '127.0.0.1', noDelay: true });
    const link: Link = { client, upstream, bytesLeft: random.between(...dropAfterBytes), pipes: [] };
    links.add(link);
    upstream.on('error', () => reset(link));
    client.on('close', () => unlink(link));
    upstream.on('close', () => unlink(link));
    link.pipes.push(pipe(link, client, upstream), pipe(link, upstream, client));
  });

  /** One chunk at a time: the next is read once this one has gone on. */
  function pipe(link: Link, from: Socket, to: Socket): Pipe {
    let kept: Buffer | undefined;

    function pass(chunk: Buffer): void {
      if (to.destroyed) return;
      if (to.write(chunk)) from.resume();
      else to.once('drain', () => from.resume());
    }
    function take(chunk: Buffer): void {
      if (mode === 'hang') {
        kept = chunk;
      } else if (mode === 'slow') {
        setTimeout(pass, slowMs, chunk);
      } else if (mode === 'drop' && link.bytesLeft < chunk.length) {
        to.write(chunk.subarray(0, link.bytesLeft), () => reset(link));
      } else {
        if (mode === 'drop') link.bytesLeft -= chunk.length;
        pass(chunk);
      }
    }
    from.on('data', (chunk) => {
      from.pause();
      take(chunk);
    });
    from.on('end', () => to.end());
    return {
      resume() {
        const chunk = kept;
        kept = undefined;
        if (chunk) take(chunk);
      },
    };
  }

  function reset(link: Link): void {
    for (const socket of [link.client, link.upstream]) socket.resetAndDestroy();
    links.delete(link);
  }
  function unlink(link: Link): void {
    // What one side still has to say gets half a second; a side that hangs is none to wait for.
    setTimeout(() => reset(link), 500).unref();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      mode = next;
      if (mode === 'cut') for (const link of [...links]) reset(link);
      if (mode === 'drop') for (const link of links) link.bytesLeft = random.between(...dropAfterBytes);
      if (mode !== 'hang') for (const link of links) for (const { resume } of link.pipes) resume();
    },
    async close() {
      for (const link of [...links]) reset(link);
      server.close();
      await once(server, 'close');
    },
  };
}
