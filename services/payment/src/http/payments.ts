import { Amount, Currency, Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import { type Database, query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import Type, { type Static } from 'typebox';

const Payment = Type.Object({
  paymentId: Uuid,
  reservationId: Uuid,
  amount: Amount,
  currency: Currency,
  status: Type.Enum(['COMPLETED', 'CANCELLED', 'REFUNDED']),
  sagaId: Uuid,
  createdAt: Timestamp,
});

type Row = Omit<Static<typeof Payment>, 'createdAt'> & { createdAt: Date };

/** `GET /v1/payments/{paymentId}`: the owner's; to anyone else it doesn't exist. */
export function paymentRoutes(app: App, { db }: { db: Database }): void {
  app.get('/v1/payments/:paymentId', {
    onRequest: app.authenticate,
    schema: {
      tags: ['payments'],
      summary: "Show a payment of one's own",
      params: Type.Object({ paymentId: Uuid }),
      response: {
        200: Payment,
        ...problemResponses(
          'validation',
          'unauthenticated',
          'payment-not-found',
          'overloaded',
          'unavailable',
        ),
      },
    },
    handler: async ({ params, user }) => {
      const [row] = await query<Row>(
        db,
        `select payment_id as "paymentId", reservation_id as "reservationId", amount, currency, status,
           saga_id as "sagaId", created_at as "createdAt"
         from payment where payment_id = ? and user_id = ?`,
        [params.paymentId, user.userId],
      );
      if (!row) throw problem('payment-not-found', 'You have no such payment.');
      return { ...row, createdAt: row.createdAt.toISOString() };
    },
  });
}
