import { Currency, Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import type { RefundContext } from '../sagas/refund.ts';
import { answer } from './answer.ts';
import { RefundHeaders, readRequest } from './request.ts';
import type { Reserved } from './reserved.ts';
import { SagaAccepted } from './sagas.ts';
import type { StartSaga } from './start-saga.ts';

const Body = Type.Object({ reservationId: Uuid }, { additionalProperties: false });

const Refunded = Type.Object({
  paymentId: Uuid,
  reservationId: Uuid,
  amount: Type.Integer({ description: 'minor units' }),
  currency: Currency,
  status: Type.Literal('REFUNDED'),
  sagaId: Uuid,
});

/** `POST /v1/refunds`: takes a sale back, all its seats at once. It needs no queue token: nobody is ahead of anybody. */
export function refundRoutes(
  app: App,
  { startSaga, faults, reserved }: { startSaga: StartSaga; faults: boolean; reserved: Reserved },
): void {
  app.post('/v1/refunds', {
    onRequest: app.authenticate,
    config: { limited: false },
    schema: {
      tags: ['payments'],
      summary: 'Refund a paid reservation: the price goes to the balance, the seats are free again',
      headers: RefundHeaders,
      body: Body,
      response: {
        201: Refunded,
        202: SagaAccepted,
        ...problemResponses(
          'validation',
          'idempotency-key-required',
          'unauthenticated',
          'faults-disabled',
          'reservation-not-found',
          'not-paid',
          'already-refunded',
          'user-not-found',
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
        type: 'refund',
        context: async (): Promise<RefundContext> => {
          const { concertSeatIds } = await reserved(reservationId, user.userId);
          return { userId: user.userId, reservationId, concertSeatIds };
        },
        // Nobody else wants what is sold; who has the lock is a rival that will be told so in a moment.
        lockPatienceMs: 1_000,
      });
      return answer(reply, sagaId, saga);
    },
  });
}
