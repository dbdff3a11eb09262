import { Money, SeatIds, Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import type { ReserveContext } from '../sagas/reserve.ts';
import { answer } from './answer.ts';
import { ReservationHeaders, readRequest, tokenHash } from './request.ts';
import { SagaAccepted } from './sagas.ts';
import type { StartSaga } from './start-saga.ts';

const Held = Type.Object({
  reservationId: Uuid,
  concertSeatIds: SeatIds,
  status: Type.Literal('TEMPORARY_HOLD'),
  holdExpiresAt: Timestamp,
  price: Money,
  sagaId: Uuid,
});

/** `POST /v1/reservations`: holds seats of one performance, all or none. */
export function reservationRoutes(
  app: App,
  { startSaga, faults, maxSeats }: { startSaga: StartSaga; faults: boolean; maxSeats: number },
): void {
  const Body = Type.Object(
    { concertSeatIds: Type.Array(Uuid, { minItems: 1, maxItems: maxSeats, uniqueItems: true }) },
    { additionalProperties: false },
  );

  app.post('/v1/reservations', {
    onRequest: app.authenticate,
    config: { limited: false },
    schema: {
      tags: ['reservations'],
      summary: 'Hold seats of one performance, all or none',
      headers: ReservationHeaders,
      body: Body,
      response: {
        201: Held,
        202: SagaAccepted,
        ...problemResponses(
          'validation',
          'unauthenticated',
          'token-not-active',
          'faults-disabled',
          'seat-not-found',
          'user-not-found',
          'seat-taken',
          'seat-limit-exceeded',
          'seats-not-together',
          'currency-mismatch',
          'seat-locked',
          'idempotency-key-reused',
          'overloaded',
          'unavailable',
          'saga-compensated',
          'saga-settled',
        ),
      },
    },
    handler: async (request, reply) => {
      const { body, user } = request;
      const concertSeatIds = inOrder(body.concertSeatIds);
      const { sagaId, saga } = await startSaga({
        ...readRequest(request, faults),
        type: 'reserve',
        context: (id): ReserveContext => ({
          tokenHash: tokenHash(request.headers),
          userId: user.userId,
          concertSeatIds,
          reservationId: id,
        }),
        // A rival is better told at once, to look for another seat.
        lockPatienceMs: 0,
      });
      return answer(reply, sagaId, saga);
    },
  });
}

/** Two spellings of one id are the same seat. */
function inOrder(concertSeatIds: readonly string[]): string[] {
  const ids = new Set(concertSeatIds.map((id) => id.toLowerCase()));
  if (ids.size < concertSeatIds.length) throw problem('validation', 'A seat is named twice.');
  return [...ids].sort();
}
