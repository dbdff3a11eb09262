import { Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { IdempotencyHeaders, withIdempotency } from '@holdfast/shared/http/idempotency';
import { type ProblemCode, problem, problemResponses } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import Type from 'typebox';
import type { Ask } from '../issue.ts';
import type { Place } from '../place.ts';
import type { Places } from '../places.ts';
import type { Policy } from '../policy.ts';
import type { Caller, ReservationService } from '../reservation-service.ts';
import { tokenOf } from '../secret.ts';
import { untilUnclaimed } from '../until-unclaimed.ts';
import type { Limits } from './limits.ts';
import { Issued, shown, tellPace } from './shapes.ts';

const claimPatienceMs = 2_000;

const Body = Type.Object(
  { concertId: Type.Optional(Uuid), reservationId: Type.Optional(Uuid) },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);

type Needs = {
  db: Knex;
  places: Places;
  reservations: ReservationService;
  policy: Policy;
  limits: Limits;
  wakeOutbox: () => void;
};

/** `POST /v1/tokens`: joins the queue of a concert, or asks to pay for a hold of one's own. */
export function issueTokenRoute(app: App, needs: Needs): void {
  const { reservations, policy, limits, wakeOutbox } = needs;
  app.post('/v1/tokens', {
    onRequest: [limits.ofAddress, app.authenticate, limits.ofUser],
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
          'already-refunded',
          'hold-expired',
          'idempotency-key-reused',
          'too-many-requests',
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
      const ask = { userId, traceparent, ...subject };
      const key = headers['idempotency-key'];
      const place =
        key === undefined
          ? await join(ask, objection, needs)
          : await joinOnce(ask, objection, { key, body }, needs);
      wakeOutbox();
      tellPace(reply, place, policy);
      return reply.code(201).send(shown(tokenOf(policy.secret, place.tokenId), place));
    },
  });
}

/** To ask again without a key gives the same token, so none is needed. */
async function join(ask: Ask, objection: ProblemCode | undefined, { db, places }: Needs): Promise<Place> {
  if (objection) throw problem(objection);
  const place = await places.join(ask);
  if (!place.claimed) return place;
  await untilUnclaimed(db, ask, claimPatienceMs);
  return places.join(ask);
}

/** The place is remembered with the key, never the token: the table must not admit anybody. */
async function joinOnce(
  ask: Ask,
  objection: ProblemCode | undefined,
  { key, body }: { key: string; body: object },
  { db, places }: Needs,
): Promise<Place> {
  const request = { userId: ask.userId, key, operation: 'issue-token', body };
  await untilUnclaimed(db, ask, claimPatienceMs);
  const line = await places.lineOf(ask);
  const answer = await withIdempotency<Place>(db, request, async (tx) => {
    // Not sooner: who repeats a request gets the first answer, even if the hold is over by now.
    if (objection) throw problem(objection);
    return { status: 201, body: await places.joinWithin(tx, ask, line) };
  });
  return answer.body;
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
