import { Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import Type, { type Static } from 'typebox';
import type { Place } from '../place.ts';

const IssuedToken = {
  token: Type.String({ description: 'sent as the Queue-Token header' }),
  status: Type.Enum(['WAITING', 'ACTIVE']),
  position: Type.Integer({ description: 'in the queue: 1 is admitted next, 0 is admitted' }),
  expiresAt: Timestamp,
};

export const Issued = Type.Object(IssuedToken);

export const Shown = Type.Object({
  ...IssuedToken,
  concertId: Type.Optional(Uuid),
  reservationId: Type.Optional(Uuid),
});

export const QueueTokenHeader = Type.Object({
  'queue-token': Type.String({
    pattern: '^[A-Za-z0-9_-]{43}$',
    description: 'as given by `POST /v1/tokens`',
  }),
});

/** A place as its owner sees it. */
export function shown(token: string, place: Place): Static<typeof Shown> {
  const { status, position, expiresAt, concertId, reservationId } = place;
  return {
    token,
    status,
    position,
    expiresAt,
    ...(concertId !== null && { concertId }),
    ...(reservationId !== null && { reservationId }),
  };
}
