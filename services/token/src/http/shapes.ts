import { Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import type { FastifyReply } from 'fastify';
import Type, { type Static } from 'typebox';
import { retryAfterS } from '../line/pace.ts';
import type { Place } from '../place.ts';

const IssuedToken = {
  token: Type.String({ description: 'sent as the Queue-Token header' }),
  status: Type.Enum(['WAITING', 'ACTIVE']),
  position: Type.Integer({ description: 'in the queue: 1 is admitted next, 0 is admitted' }),
  estimatedWaitMs: Type.Optional(
    Type.Integer({
      description:
        'milliseconds until admitted, as fast as the queue moves now; left out while it stands still',
    }),
  ),
  expiresAt: Type.Unsafe<string>({
    ...Timestamp,
    description:
      'of an active token; a waiting one lasts that long at least, and longer with each look at it',
  }),
};

export const Issued = Type.Object(IssuedToken);

export const Shown = Type.Object({
  ...IssuedToken,
  concertId: Type.Optional(Uuid),
  reservationId: Type.Optional(Uuid),
});

/** What is said of a token that isn't there any more. */
export const Gone = Type.Object({ code: Type.Enum(['token-not-found']) });

export const QueueTokenHeader = Type.Object({
  'queue-token': Type.String({
    pattern: '^[A-Za-z0-9_-]{43}$',
    description: 'as given by `POST /v1/tokens`',
  }),
});

/** A place as its owner sees it. */
export function shown(token: string, place: Place): Static<typeof Shown> {
  const { status, position, estimatedWaitMs, expiresAt, concertId, reservationId } = place;
  return {
    token,
    status,
    position,
    ...(estimatedWaitMs !== undefined && { estimatedWaitMs }),
    expiresAt,
    ...(concertId !== null && { concertId }),
    ...(reservationId !== null && { reservationId }),
  };
}

/** Seconds after which it is worth asking again: a quarter of what a waiting token lasts at most. */
export const askAgainAfterS = (place: Place, { waitingTtlMs }: { waitingTtlMs: number }): number =>
  retryAfterS(place.estimatedWaitMs, Math.max(1, Math.floor(waitingTtlMs / 4_000)));

/** Tells who waits when to ask again. */
export function tellPace(reply: FastifyReply, place: Place, policy: { waitingTtlMs: number }): void {
  if (place.status === 'WAITING') reply.header('retry-after', askAgainAfterS(place, policy));
}
