import { Money, Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import { type ReserveContext, reserveSaga } from '../sagas/reserve.ts';
import { answer } from './answer.ts';
import { ReservationHeaders, readRequest, tokenHash } from './request.ts';
import { SagaAccepted } from './sagas.ts';
import type { StartSaga } from './start-saga.ts';

const Body = Type.Object({ concertSeatId: Uuid }, { additionalProperties: false });

const Held = Type.Object({
  reservationId: Uuid,
  concertSeatId: Uuid,
  status: Type.Literal('TEMPORARY_HOLD'),
  holdExpiresAt: Timestamp,
  price: Money,
  sagaId: Uuid,
});

/** `POST /v1/reservations`: holds a seat. */
export function reservationRoutes(
  app: App,
  { startSaga, faults }: { startSaga: StartSaga; faults: boolean },
): void {
  app.post('/v1/reservations', {
    onRequest: app.authenticate,
    config: { limited: false },
    schema: {
      tags: ['reservations'],
      summary: 'Hold a seat',
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
      const { sagaId, saga } = await startSaga({
        ...readRequest(request, faults),
        definition: reserveSaga,
        context: (id): ReserveContext => ({
          tokenHash: tokenHash(request.headers),
          userId: user.userId,
          concertSeatId: body.concertSeatId.toLowerCase(),
          reservationId: id,
        }),
        // A rival is better told at once, to look for another seat.
        lockPatienceMs: 0,
      });
      return answer(reply, sagaId, saga);
    },
  });
}
