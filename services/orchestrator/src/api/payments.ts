import { Currency, Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import { v4 as uuidv4 } from 'uuid';
import type { PayContext } from '../sagas/pay.ts';
import { answer } from './answer.ts';
import { PaymentHeaders, readRequest, tokenHash } from './request.ts';
import type { Reserved } from './reserved.ts';
import { SagaAccepted } from './sagas.ts';
import type { StartSaga } from './start-saga.ts';

const Body = Type.Object({ reservationId: Uuid }, { additionalProperties: false });

const Paid = Type.Object({
  paymentId: Uuid,
  reservationId: Uuid,
  amount: Type.Integer({ description: 'minor units' }),
  currency: Currency,
  status: Type.Literal('COMPLETED'),
  sagaId: Uuid,
});

/** `POST /v1/payments`: pays what a reservation holds. */
export function paymentRoutes(
  app: App,
  { startSaga, faults, reserved }: { startSaga: StartSaga; faults: boolean; reserved: Reserved },
): void {
  app.post('/v1/payments', {
    onRequest: app.authenticate,
    config: { limited: false },
    schema: {
      tags: ['payments'],
      summary: 'Pay held seats, all of a reservation at once',
      headers: PaymentHeaders,
      body: Body,
      response: {
        201: Paid,
        202: SagaAccepted,
        ...problemResponses(
          'validation',
          'idempotency-key-required',
          'unauthenticated',
          'insufficient-balance',
          'token-not-active',
          'faults-disabled',
          'reservation-not-found',
          'user-not-found',
          'hold-expired',
          'already-paid',
          'already-refunded',
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
      const reservationId = body.reservationId.toLowerCase();
      const { sagaId, saga } = await startSaga({
        ...readRequest(request, faults),
        type: 'pay',
        context: async (): Promise<PayContext> => ({
          tokenHash: tokenHash(request.headers),
          userId: user.userId,
          reservationId,
          ...(await reserved(reservationId, user.userId)),
          paymentId: uuidv4(),
        }),
        // The seats are the user's own: who has the lock is a rival that will be told so in a moment.
        lockPatienceMs: 1_000,
      });
      return answer(reply, sagaId, saga);
    },
  });
}
