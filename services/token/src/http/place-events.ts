import type { App } from '@holdfast/shared/http/app';
import { eventStream } from '@holdfast/shared/http/event-stream';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import type { FastifyReply } from 'fastify';
import type { Places } from '../places.ts';
import { hashOf } from '../secret.ts';
import type { Limits } from './limits.ts';
import type { Listeners } from './listeners.ts';
import { Gone, QueueTokenHeader, Shown } from './shapes.ts';

type Needs = { places: Places; listeners: Listeners; limits: Limits };

/** `GET /v1/tokens/me/events`: the place of one's own token, live. */
export function placeEventsRoute(app: App, { places, listeners, limits }: Needs): void {
  // A server closes when its answers have ended, which these don't by themselves.
  app.addHook('preClose', async () => listeners.stop());

  app.get('/v1/tokens/me/events', {
    onRequest: [limits.ofAddress, app.authenticate, limits.ofUser],
    schema: {
      tags: ['tokens'],
      summary: "Follow one's place in the queue",
      description:
        'Server-sent events: `place`, with the body of `GET /v1/tokens/me` as its data, at once and when it has changed; ' +
        '`gone` when the token is. After `gone` and after a place that is `ACTIVE` the stream ends; it also ends after ' +
        'some minutes: ask again then.',
      headers: QueueTokenHeader,
      response: {
        200: eventStream('until a place is `ACTIVE` or gone, or minutes have passed', {
          place: Shown,
          gone: Gone,
        }),
        ...problemResponses(
          'validation',
          'unauthenticated',
          'token-not-found',
          'too-many-requests',
          'overloaded',
          'unavailable',
        ),
      },
    },
    handler: async ({ headers, user }, reply) => {
      const token = headers['queue-token'];
      const owned = { tokenHash: hashOf(token), userId: user.userId };
      // Before the look-up, so that one who may not listen costs nothing more.
      const objection = listeners.objectionTo(owned.userId);
      if (objection)
        throw problem(objection, 'Too many listen already: ask from time to time instead.', {
          retryAfter: 5,
        });
      const found = await places.find(owned);
      if (!found) throw problem('token-not-found');
      // Kept alive, the connection would outlast a server that ends its streams in order to close.
      reply.raw.once('finish', () => {
        if (app.stopping) reply.raw.socket?.end();
      });
      return send(reply, listeners.add(token, owned, found));
    },
  });
}

function send(reply: FastifyReply, stream: NodeJS.ReadableStream): FastifyReply {
  return reply
    .type('text/event-stream')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(stream);
}
