import { query } from '@holdfast/shared/database/query';
import type { Knex } from 'knex';

export type PaymentRow = { payment_id: string; status: string; cancelled: boolean };

/** A reservation's payments, the oldest first. */
export const paymentsOf = (db: Knex, reservationId: string): Promise<PaymentRow[]> =>
  query<PaymentRow>(
    db,
    `select payment_id, status, cancelled_at is not null as cancelled
     from payment where reservation_id = ? order by created_at, status`,
    [reservationId],
  );
