import type { App } from '@holdfast/shared/http/app';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import type { Places } from '../places.ts';
import { hashOf } from '../secret.ts';
import type { Limits } from './limits.ts';
import { QueueTokenHeader, Shown, shown, tellPace } from './shapes.ts';

type Needs = { places: Places; policy: { waitingTtlMs: number }; limits: Limits; wakeOutbox: () => void };

/** `GET` and `DELETE /v1/tokens/me`: the place of one's own token, and giving it back. */
export function ownTokenRoutes(app: App, { places, policy, limits, wakeOutbox }: Needs): void {
  const onRequest = [limits.ofAddress, app.authenticate, limits.ofUser];

  app.get('/v1/tokens/me', {
    onRequest,
    // Thousands ask every second: two lines of log for each would cost more than the answer.
    logLevel: 'warn',
    // They share statements, of which one is under way, and are bounded there.
    config: { limited: false },
    schema: {
      tags: ['tokens'],
      summary: "Show one's place in the queue",
      description: 'Who waits is told by `Retry-After` when to ask again: the further back, the later.',
      headers: QueueTokenHeader,
      response: {
        200: Shown,
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
      const place = await places.find({ tokenHash: hashOf(token), userId: user.userId });
      if (!place) throw problem('token-not-found');
      tellPace(reply, place, policy);
      return shown(token, place);
    },
  });

  app.delete('/v1/tokens/me', {
    onRequest,
    schema: {
      tags: ['tokens'],
      summary: 'Leave the queue, or give an active token back',
      headers: QueueTokenHeader,
      response: {
        204: Type.Null(),
        ...problemResponses(
          'validation',
          'unauthenticated',
          'token-not-found',
          'token-in-use',
          'too-many-requests',
          'overloaded',
          'unavailable',
        ),
      },
    },
    handler: async ({ headers, user, traceparent }, reply) => {
      const tokenHash = hashOf(headers['queue-token']);
      const objection = await places.leave({ tokenHash, userId: user.userId, traceparent });
      if (objection) throw problem(objection);
      wakeOutbox();
      return reply.code(204).send(null);
    },
  });
}
