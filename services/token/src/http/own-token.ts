import type { App } from '@holdfast/shared/http/app';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import Type from 'typebox';
import { leave } from '../leave.ts';
import { extendWaiting, findPlace } from '../place.ts';
import { hashOf } from '../secret.ts';
import { QueueTokenHeader, Shown, shown } from './shapes.ts';

type Needs = { db: Knex; policy: { waitingTtlMs: number }; wakeOutbox: () => void };

/** `GET` and `DELETE /v1/tokens/me`: the place of one's own token, and giving it back. */
export function ownTokenRoutes(app: App, { db, policy, wakeOutbox }: Needs): void {
  app.get('/v1/tokens/me', {
    onRequest: app.authenticate,
    schema: {
      tags: ['tokens'],
      summary: "Show one's place in the queue",
      headers: QueueTokenHeader,
      response: {
        200: Shown,
        ...problemResponses('validation', 'unauthenticated', 'token-not-found', 'overloaded', 'unavailable'),
      },
    },
    handler: async ({ headers, user }) => {
      const token = headers['queue-token'];
      const owned = { tokenHash: hashOf(token), userId: user.userId };
      await extendWaiting(db, owned, policy.waitingTtlMs);
      const place = await findPlace(db, owned);
      if (!place) throw problem('token-not-found');
      return shown(token, place);
    },
  });

  app.delete('/v1/tokens/me', {
    onRequest: app.authenticate,
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
          'overloaded',
          'unavailable',
        ),
      },
    },
    handler: async ({ headers, user, traceparent }, reply) => {
      const tokenHash = hashOf(headers['queue-token']);
      const objection = await leave(db, { tokenHash, userId: user.userId }, traceparent);
      if (objection) throw problem(objection);
      wakeOutbox();
      return reply.code(204).send(null);
    },
  });
}
