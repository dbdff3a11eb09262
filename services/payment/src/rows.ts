import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import { type Database, prepared, type Statement } from '@holdfast/shared/database/query';
import { type Payment, type State, stateOf } from './state.ts';

/** Loads the payments of the reservations that `commands` are about, locked in the order of their ids. */
export async function load(tx: Database, commands: readonly CommandMessage[]): Promise<State> {
  if (commands.length === 0) return stateOf([]);
  const rows = await prepared<Payment>(
    tx,
    `select payment_id as "paymentId", reservation_id as "reservationId", user_id as "userId",
       json_build_object('amount', amount, 'currency', currency) as price, status, saga_id as "sagaId",
       refunding_saga as "refundingSaga"
     from payment
     where payment_id = any(?::uuid[]) or (reservation_id = any(?::uuid[]) and status <> 'CANCELLED')
     order by payment_id for no key update`,
    [idsIn(commands, 'paymentId'), idsIn(commands, 'reservationId')],
  );
  return stateOf(rows);
}

const idsIn = (commands: readonly CommandMessage[], name: string): string[] =>
  commands.flatMap(({ payload }) => (payload[name] as string | undefined) ?? []);

/** What writes the payments that are new or have changed. A new one may be cancelled already, in the batch that made it. */
export function changes({ payments, loaded }: State): Statement[] {
  const changed = [...payments.values()].filter((row) => loaded.get(row.paymentId) !== row);
  // What was cancelled goes first: only then does the index of one payment per reservation let the next one in.
  return [
    ...updatePayments(changed.filter((row) => loaded.has(row.paymentId))),
    ...insertPayments(changed.filter((row) => !loaded.has(row.paymentId))),
  ];
}

function updatePayments(rows: readonly Payment[]): Statement[] {
  if (rows.length === 0) return [];
  return [
    {
      sql: `update payment set status = new.status, refunding_saga = new.refunding_saga,
       cancelled_at = case new.status when 'CANCELLED' then now() end,
       refunded_at = case new.status when 'REFUNDED' then now() end
     from unnest(?::uuid[], ?::text[], ?::uuid[]) as new (payment_id, status, refunding_saga)
     where payment.payment_id = new.payment_id`,
      bindings: [
        rows.map(({ paymentId }) => paymentId),
        rows.map(({ status }) => status),
        rows.map(({ refundingSaga }) => refundingSaga),
      ],
    },
  ];
}

function insertPayments(rows: readonly Payment[]): Statement[] {
  if (rows.length === 0) return [];
  return [
    {
      sql: `insert into payment (payment_id, reservation_id, user_id, amount, currency, status, saga_id, refunding_saga,
       cancelled_at, refunded_at)
     select *, case status when 'CANCELLED' then now() end, case status when 'REFUNDED' then now() end
     from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::uuid[], ?::uuid[])
       as new (payment_id, reservation_id, user_id, amount, currency, status, saga_id, refunding_saga)`,
      bindings: [
        rows.map(({ paymentId }) => paymentId),
        rows.map(({ reservationId }) => reservationId),
        rows.map(({ userId }) => userId),
        rows.map(({ price }) => price.amount),
        rows.map(({ price }) => price.currency),
        rows.map(({ status }) => status),
        rows.map(({ sagaId }) => sagaId),
        rows.map(({ refundingSaga }) => refundingSaga),
      ],
    },
  ];
}
