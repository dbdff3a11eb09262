import { Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { eventStream } from '@holdfast/shared/http/event-stream';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import { Reset, SeatChanges } from '../seat-map/events.ts';
import { join } from '../seat-map/join.ts';
import { PositionText, positionIn } from '../seat-map/position.ts';
import type { SeatMap } from '../seat-map/seat-map.ts';
import type { SeatListeners } from './seat-listeners.ts';

type Needs = { seatMap: SeatMap; listeners: SeatListeners };

/** `GET /v1/performances/{performanceId}/seat-map/events`: the seats whose status changes, live. */
export function seatMapEventsRoute(app: App, { seatMap, listeners }: Needs): void {
  // A server closes when its answers have ended, which these don't by themselves.
  app.addHook('preClose', async () => listeners.stop());

  app.get('/v1/performances/:performanceId/seat-map/events', {
    // A stream without a body would go on unseen.
    exposeHeadRoute: false,
    schema: {
      tags: ['seat map'],
      summary: 'Follow the seats of a performance',
      description:
        'Server-sent events: `seats` with the statuses of seats that may have changed, several times a second at most; ' +
        '`reset` where what has changed since `after` isn’t known: load the status anew and follow from its position. ' +
        'After `reset` the stream ends; it also ends after some minutes: come again with the last position. It begins with ' +
        'the changes since `Last-Event-ID` or `after`, and without either with none.',
      params: Type.Object({ performanceId: Uuid }),
      querystring: Type.Object({ after: Type.Optional(PositionText) }),
      headers: Type.Object({ 'last-event-id': Type.Optional(PositionText) }),
      response: {
        200: eventStream('until the client leaves, `reset`, or minutes have passed', {
          seats: SeatChanges,
          reset: Reset,
        }),
        ...problemResponses(
          'validation',
          'performance-not-found',
          'too-many-requests',
          'overloaded',
          'unavailable',
        ),
      },
    },
    handler: async ({ params: { performanceId }, query, headers, ip }, reply) => {
      const after = headers['last-event-id'] ?? query.after;
      const enter = await join(seatMap, performanceId, after === undefined ? undefined : positionIn(after));
      // Nothing is awaited from here on: what changes meanwhile would be missed.
      const objection = listeners.objectionTo(ip);
      if (objection)
        throw problem(objection, 'Too many listen already: ask for the status from time to time instead.', {
          retryAfter: 5,
        });
      const listener = listeners.add(ip);
      const leave = enter(listener);
      listener.stream.once('close', leave);
      listener.stream.once('finish', leave);
      // Kept alive, the connection would outlast a server that ends its streams in order to close.
      reply.raw.once('finish', () => {
        if (app.stopping) reply.raw.socket?.end();
      });
      return reply
        .type('text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(listener.stream);
    },
  });
}
