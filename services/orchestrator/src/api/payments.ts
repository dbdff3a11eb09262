import { gather } from '@holdfast/shared/batching/gather';
import { Currency, Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import Type from 'typebox';
import { v4 as uuidv4 } from 'uuid';
import { loadSagas } from '../runner/rows.ts';
import type { StoredSaga } from '../runner/store.ts';
import { type PayContext, paySaga } from '../sagas/pay.ts';
import { type ReserveContext, reserveSaga } from '../sagas/reserve.ts';
import { answer } from './answer.ts';
import { PaymentHeaders, readRequest, tokenHash } from './request.ts';
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

/** `POST /v1/payments`: pays a held seat. */
export function paymentRoutes(
  app: App,
  { startSaga, faults, db }: { startSaga: StartSaga; faults: boolean; db: Knex },
): void {
  const findSaga = gather<string, StoredSaga | undefined>(
    async (sagaIds) => {
      const sagas = await loadSagas(db, sagaIds);
      return sagaIds.map((id) => sagas.get(id));
    },
    { maxBatch: 500, maxWaiting: 5_000 },
  );

  /** The seat to lock is known from the saga that made the reservation, whose id is the reservation's. */
  async function seatOf(reservationId: string, userId: string): Promise<string> {
    const saga = await findSaga(reservationId);
    if (saga?.type !== reserveSaga.type || saga.userId !== userId || saga.status === 'COMPENSATED')
      throw problem('reservation-not-found', 'You have no such reservation.');
    return (saga.context as ReserveContext).concertSeatId;
  }

  app.post('/v1/payments', {
    onRequest: app.authenticate,
    config: { limited: false },
    schema: {
      tags: ['payments'],
      summary: 'Pay a held seat',
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
        definition: paySaga,
        context: async (): Promise<PayContext> => ({
          tokenHash: tokenHash(request.headers),
          userId: user.userId,
          reservationId,
          concertSeatId: await seatOf(reservationId, user.userId),
          paymentId: uuidv4(),
        }),
        // The seat is the user's own: who has the lock is a rival that will be told so in a moment.
        lockPatienceMs: 1_000,
      });
      return answer(reply, sagaId, saga);
    },
  });
}
