import { Money, SeatIds, Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import { inTransaction, query, runAll } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import Type, { type Static } from 'typebox';
import { cancel } from '../cancel.ts';
import { changes, lockReservation } from '../rows.ts';

const Reservation = Type.Object({
  reservationId: Uuid,
  concertSeatIds: SeatIds,
  concertId: Uuid,
  performanceId: Uuid,
  status: Type.Enum(['TEMPORARY_HOLD', 'PAID', 'EXPIRED', 'CANCELLED', 'REFUNDED']),
  holdExpiresAt: Timestamp,
  price: Money,
});

type Row = Omit<Static<typeof Reservation>, 'holdExpiresAt'> & { holdExpiresAt: Date };

/** `GET` and `DELETE /v1/reservations/{reservationId}`: the owner's; to anyone else it doesn't exist. */
export function reservationRoutes(app: App, { db, wakeOutbox }: { db: Knex; wakeOutbox: () => void }): void {
  app.get('/v1/reservations/:reservationId', {
    onRequest: app.authenticate,
    schema: {
      tags: ['reservations'],
      summary: "Show a reservation of one's own",
      params: Type.Object({ reservationId: Uuid }),
      response: {
        200: Reservation,
        ...problemResponses(
          'validation',
          'unauthenticated',
          'reservation-not-found',
          'overloaded',
          'unavailable',
        ),
      },
    },
    handler: async ({ params, user }) => {
      const [row] = await query<Row>(
        db,
        `select r.reservation_id as "reservationId",
           array(select concert_seat_id from reservation_seat s
                 where s.reservation_id = r.reservation_id order by concert_seat_id) as "concertSeatIds",
           p.concert_id as "concertId", p.performance_id as "performanceId",
           case when r.status = 'TEMPORARY_HOLD' and r.hold_expires_at <= now() and r.paying_saga is null
             then 'EXPIRED' else r.status end as status,
           r.hold_expires_at as "holdExpiresAt",
           json_build_object('amount', r.price_amount, 'currency', r.currency) as price
         from reservation r join performance p using (performance_id)
         where r.reservation_id = ? and r.user_id = ?`,
        [params.reservationId, user.userId],
      );
      if (!row) throw problem('reservation-not-found');
      return { ...row, holdExpiresAt: row.holdExpiresAt.toISOString() };
    },
  });

  app.delete('/v1/reservations/:reservationId', {
    onRequest: app.authenticate,
    schema: {
      tags: ['reservations'],
      summary: 'Cancel a hold: all its seats are free again. It may be repeated',
      params: Type.Object({ reservationId: Uuid }),
      response: {
        204: Type.Null(),
        ...problemResponses(
          'validation',
          'unauthenticated',
          'reservation-not-found',
          'seat-locked',
          'already-paid',
          'overloaded',
          'unavailable',
        ),
      },
    },
    handler: async ({ params, user, traceparent }, reply) => {
      const reservationId = params.reservationId.toLowerCase();
      await inTransaction(db, async (tx) => {
        const state = await lockReservation(tx, reservationId);
        const events = cancel(state, { reservationId, userId: user.userId });
        await runAll(tx, changes(state));
        await enqueue(tx, events, traceparent);
      });
      wakeOutbox();
      return reply.code(204).send(null);
    },
  });
}
