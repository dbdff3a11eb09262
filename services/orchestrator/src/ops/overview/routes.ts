import type { ServerResponse } from 'node:http';
import type { App } from '@holdfast/shared/http/app';
import { eventStream } from '@holdfast/shared/http/event-stream';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import { commonProblems, viewers } from '../operator.ts';
import { Overview } from './shapes.ts';
import type { OverviewSource } from './watch.ts';

const tags = ['overview'];
const maxListeners = 200;
/** A listener that doesn't read what it is sent is let go: what waits for it is in this process's memory. */
const maxUnread = 1_000_000;

export function overviewRoutes(app: App, { overview }: { overview: OverviewSource }): void {
  app.get('/ops/v1/overview', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'How the system is doing',
      response: { 200: Overview, ...problemResponses(...commonProblems) },
    },
    handler: () => overview.current(),
  });

  const listeners = new Set<ServerResponse>();
  // A stream has no end of its own: without this, the server would wait for it when it stops.
  app.addHook('preClose', async () => {
    for (const listener of listeners) listener.end();
  });

  app.get('/ops/v1/overview/events', {
    onRequest: viewers(app),
    // It bounds them itself; and of an answer that is hijacked nobody would say that it is over.
    config: { limited: false },
    schema: {
      tags,
      summary: 'The same every second, as server-sent events',
      description:
        'Events are named `overview`; their data is the body of GET /ops/v1/overview. The access token goes in the ' +
        'Authorization header as ever, which takes fetch instead of EventSource.',
      response: {
        200: eventStream('until the client leaves', { overview: Overview }),
        ...problemResponses(...commonProblems, 'overloaded'),
      },
    },
    handler: async (_request, reply) => {
      if (listeners.size >= maxListeners)
        throw problem('overloaded', `${maxListeners} listen already.`, { retryAfter: 10 });
      const first = await overview.current();
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Proxies that gather what they pass on would make it late.
        'x-accel-buffering': 'no',
      });
      let sent: string | undefined;
      const send = (seen: Overview): void => {
        // The one that it was welcomed with may come round once more.
        if (seen.at === sent) return;
        sent = seen.at;
        if (raw.writableLength > maxUnread) raw.destroy();
        else raw.write(`event: overview\ndata: ${JSON.stringify(seen)}\n\n`);
      };
      raw.write('retry: 2000\n\n');
      send(first);
      const unwatch = overview.watch(send);
      listeners.add(raw);
      raw.on('close', () => {
        unwatch();
        listeners.delete(raw);
      });
    },
  });
}
