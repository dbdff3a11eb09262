import { Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import type { User } from '@holdfast/shared/http/auth';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import Type from 'typebox';
import type { Policy } from '../policy.ts';
import { overviewOf, setPolicy } from '../queue-policy.ts';
import type { ReservationService } from '../reservation-service.ts';

const limit = (description: string) => Type.Integer({ minimum: 0, maximum: 1_000_000, description });

const QueuePolicy = Type.Object(
  {
    maxActive: limit('how many users are admitted at once; 0 admits nobody'),
    maxPerSecond: limit('how many are admitted in any one second; 0 admits nobody'),
  },
  { additionalProperties: false },
);

const Overview = Type.Object({
  concertId: Uuid,
  policy: QueuePolicy,
  waiting: Type.Integer(),
  active: Type.Integer(),
  admitted: Type.Integer({ description: 'so far' }),
  gone: Type.Integer({ description: 'left, or stopped asking, before they were admitted' }),
});

const Params = Type.Object({ concertId: Uuid });

type Needs = { db: Knex; policy: Policy; reservations: ReservationService };

/** `GET /v1/queues/{concertId}` and `PUT /v1/queues/{concertId}/policy`: for operators. */
export function queuePolicyRoutes(app: App, { db, policy, reservations }: Needs): void {
  app.get('/v1/queues/:concertId', {
    onRequest: app.authenticate,
    schema: {
      tags: ['queues'],
      summary: 'Show how a concert’s queue stands and whom it admits; for operators and viewers',
      params: Params,
      response: {
        200: Overview,
        ...problemResponses('validation', 'unauthenticated', 'forbidden', 'not-found', 'unavailable'),
      },
    },
    handler: async ({ user, params }) => {
      requireRole(user, ['operator', 'viewer']);
      const overview = await overviewOf(db, params.concertId.toLowerCase(), policy);
      if (!overview) throw problem('not-found', 'Nobody has asked for this concert yet.');
      return overview;
    },
  });

  app.put('/v1/queues/:concertId/policy', {
    onRequest: app.authenticate,
    schema: {
      tags: ['queues'],
      summary: 'Set whom a concert’s queue admits, from now on and on all instances; for operators',
      params: Params,
      body: QueuePolicy,
      response: {
        200: QueuePolicy,
        ...problemResponses('validation', 'unauthenticated', 'forbidden', 'concert-not-found', 'unavailable'),
      },
    },
    handler: async ({ user, params, body, headers, traceparent, log }) => {
      requireRole(user, ['operator']);
      const concertId = params.concertId.toLowerCase();
      const caller = { authorization: headers.authorization as string, traceparent };
      const objection = await reservations.objectionToConcert(concertId, caller);
      if (objection) throw problem(objection);
      await setPolicy(db, concertId, body);
      log.info({ concertId, policy: body, operator: user.userId }, 'queue policy set');
      return body;
    },
  });
}

function requireRole({ roles }: User, allowed: readonly string[]): void {
  if (!roles.some((role) => allowed.includes(role)))
    throw problem('forbidden', `This needs the role ${allowed.join(' or ')}.`);
}
