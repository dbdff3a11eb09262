import { Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { IdempotencyHeaders, withIdempotency } from '@holdfast/shared/http/idempotency';
import { type ProblemCode, problem, problemResponses } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import Type from 'typebox';
import { issue } from '../issue.ts';
import type { Place } from '../place.ts';
import type { Policy } from '../policy.ts';
import type { Caller, ReservationService } from '../reservation-service.ts';
import { tokenOf } from '../secret.ts';
import { untilUnclaimed } from '../until-unclaimed.ts';
import { Issued, shown } from './shapes.ts';

const claimPatienceMs = 2_000;

const Body = Type.Object(
  { concertId: Type.Optional(Uuid), reservationId: Type.Optional(Uuid) },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);

type Needs = { db: Knex; reservations: ReservationService; policy: Policy; wakeOutbox: () => void };

/** `POST /v1/tokens`: joins the queue of a concert, or asks to pay for a hold of one's own. */
export function issueTokenRoute(app: App, { db, reservations, policy, wakeOutbox }: Needs): void {
  app.post('/v1/tokens', {
    onRequest: app.authenticate,
    schema: {
      tags: ['tokens'],
      summary: 'Ask for a queue token: for a concert, or to pay for a hold of one’s own',
      headers: IdempotencyHeaders,
      body: Body,
      response: {
        201: Issued,
        ...problemResponses(
          'validation',
          'unauthenticated',
          'concert-not-found',
          'reservation-not-found',
          'already-paid',
          'hold-expired',
          'idempotency-key-reused',
          'overloaded',
          'unavailable',
        ),
      },
    },
    handler: async ({ user, headers, body, traceparent }, reply) => {
      const { userId } = user;
      const subject = subjectOf(body);
      const caller = { authorization: headers.authorization as string, traceparent };
      const objection = await objectionTo(subject, reservations, caller);
      const key = headers['idempotency-key'];
      const request = { userId, key, operation: 'issue-token', body };
      await untilUnclaimed(db, { userId, ...subject }, claimPatienceMs);
      // The place is remembered with the key, never the token: the table must not admit anybody.
      const { body: place } = await withIdempotency<Place>(db, request, async (tx) => {
        // Not sooner: who repeats a request gets the first answer, even if the hold is over by now.
        if (objection) throw problem(objection);
        return { status: 201, body: await issue(tx, { userId, ...subject }, policy, traceparent) };
      });
      wakeOutbox();
      return reply.code(201).send(shown(tokenOf(policy.secret, place.tokenId), place));
    },
  });
}

type Subject = { concertId: string } | { reservationId: string };

function subjectOf({ concertId, reservationId }: Type.Static<typeof Body>): Subject {
  // Postgres gives UUIDs in lower case, and commands compare them as text.
  if (concertId !== undefined) return { concertId: concertId.toLowerCase() };
  return { reservationId: (reservationId as string).toLowerCase() };
}

function objectionTo(
  subject: Subject,
  reservations: ReservationService,
  caller: Caller,
): Promise<ProblemCode | undefined> {
  return 'concertId' in subject
    ? reservations.objectionToConcert(subject.concertId, caller)
    : reservations.objectionToReservation(subject.reservationId, caller);
}
