import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

/** `slow`: longer than it may take. `down`: resets every connection. */
export type ExternalApiMode = 'ok' | 'down' | 'slow' | 'failing';

export type ExternalApi = {
  url: string;
  set: (mode: ExternalApiMode) => void;
  /** What was sent without a signature that holds: there must be none. */
  unsigned: () => number;
  /** Resolves once all that was taken so far is in the file. */
  written: () => Promise<void>;
  stop: () => Promise<void>;
};

const slowMs = 3_000;
const maxBodyBytes = 1_000_000;

/** The external API that Holdfast tells of holds and payments: it verifies what it gets, and keeps it in `file`. */
export async function startExternalApi(options: { secret: string; file: string }): Promise<ExternalApi> {
  const webhook = new Webhook(options.secret);
  const deliveries = createWriteStream(options.file);
  let mode: ExternalApiMode = 'ok';
  let unsigned = 0;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (mode === 'down') {
      request.socket.resetAndDestroy();
      return;
    }
    const body = await read(request);
    if (mode === 'slow') await sleep(slowMs);
    if (mode === 'failing') {
      response.writeHead(500).end();
      return;
    }
    try {
      const event = webhook.verify(body, request.headers as Record<string, string>) as { id: string };
      deliveries.write(`${JSON.stringify(event)}\n`);
      response.writeHead(204).end();
    } catch {
      unsigned++;
      response.writeHead(401).end();
    }
  }

  const server = createServer((request, response) => {
    take(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    set(next) {
      mode = next;
      if (mode === 'down') server.closeAllConnections();
    },
    unsigned: () => unsigned,
    written: () =>
      new Promise((resolve, reject) => {
        deliveries.write('', (error) => (error ? reject(error) : resolve()));
      }),
    async stop() {
      server.closeAllConnections();
      server.close();
      deliveries.end();
      await once(deliveries, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
