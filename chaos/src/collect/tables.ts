import pg from 'pg';
import type { Inbox, KeyRow, LedgerRow, Participant, SagaRow, Tables } from '../facts.ts';

/** Reads every service's rows, each table by one statement. Numbers that may be bigints come as doubles: ours fit. */
export async function collectTables(adminPostgresUrl: string): Promise<Tables> {
  const client = new pg.Client({ connectionString: adminPostgresUrl });
  await client.connect();
  try {
    const all = async <Row>(sql: string): Promise<Row[]> => (await client.query(sql)).rows;
    const mapped = async <Row>(sql: string, key: keyof Row): Promise<Map<string, Row>> =>
      new Map((await all<Row>(sql)).map((row) => [row[key] as string, row]));

    return {
      sagas: new Map((await all<SagaRow>(sagas)).map((saga) => [saga.sagaId, named(saga)])),
      locks: await all(`select lock_key as "lockKey", saga_id as "sagaId" from orchestrator.lock`),
      sagaKeys: await all<KeyRow>(
        `select user_id as "userId", key, saga_id as "of" from orchestrator.idempotency_key`,
      ),
      seats: await mapped(seats, 'concertSeatId'),
      reservations: await mapped(reservations, 'reservationId'),
      payments: await mapped(payments, 'paymentId'),
      accounts: await all(
        `select user_id as "userId", currency, balance::float8 as balance, entries::float8 as entries
         from balance.account`,
      ),
      ledger: await all<LedgerRow>(ledger),
      tokens: await all(
        `select token_id as "tokenId", token_hash as "tokenHash", claimed_by as "claimedBy" from token.token`,
      ),
      inboxes: await forEachParticipant((service) => inbox(all, service)),
      outbox: await forEachParticipant(async (service) => {
        // Tokens expire, and are told of, also when all else is at rest: what is only on its way isn't left.
        const [row] = await all<{ left: number }>(
          `select count(*)::float8 as left from ${service}.outbox
           where created_at < now() - interval '10 seconds'`,
        );
        return row?.left ?? 0;
      }),
    };
  } finally {
    await client.end();
  }
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

const sagas = `
  select saga_id as "sagaId", saga_no::float8 as "sagaNo", type, user_id as "userId", lock_keys as "lockKeys", status,
    case when failure is not null
      then json_build_object('outcome', failure->'outcome', 'code', failure->'code') end as failure,
    parked_reason as "parkedReason", ${ms('started_at')} as "startedAt", ${ms('ended_at')} as "endedAt", settled,
    context->>'tokenHash' as "tokenHash", array(select jsonb_array_elements_text(context->'concertSeatIds')) as "concertSeatIds",
    context->>'reservationId' as "reservationId", context->>'paymentId' as "paymentId",
    (context->'price'->>'amount')::float8 as amount, context->'price'->>'currency' as currency,
    array(select step->>'status' from jsonb_array_elements(steps) with ordinality as s (step, place) order by place)
      as steps
  from orchestrator.saga`;

/** The steps of the definitions, which the rows know by their order. */
const stepNames: Record<SagaRow['type'], readonly string[]> = {
  reserve: ['verify-token', 'load-seat', 'load-user', 'create-reservation'],
  pay: [
    'verify-token',
    'load-reservation',
    'load-balance',
    'deduct-balance',
    'create-payment',
    'confirm-reservation',
  ],
  refund: ['load-paid-reservation', 'refund-payment', 'credit-balance'],
};

function named(saga: SagaRow): SagaRow {
  const statuses = saga.steps as unknown as string[];
  return {
    ...saga,
    steps: stepNames[saga.type].map((name, i) => ({ name, status: statuses[i] ?? 'missing' })),
  };
}

const seats = `
  select concert_seat_id as "concertSeatId", reservation_id as "reservationId", fence::float8 as fence, status
  from reservation.concert_seat`;

const reservations = `
  select reservation_id as "reservationId", user_id as "userId", concert_id as "concertId",
    array(select concert_seat_id from reservation.reservation_seat s
          where s.reservation_id = reservation.reservation_id order by concert_seat_id) as "concertSeatIds",
    case when status = 'TEMPORARY_HOLD' and hold_expires_at <= now() and paying_saga is null
      then 'EXPIRED' else status end as status,
    price_amount::float8 as amount, currency, ${ms('hold_expires_at')} as "holdExpiresAt",
    paying_saga as "payingSaga", refunding_saga as "refundingSaga", ${ms('created_at')} as "createdAt"
  from reservation.reservation join reservation.performance using (performance_id)`;

const payments = `
  select payment_id as "paymentId", reservation_id as "reservationId", user_id as "userId",
    amount::float8 as amount, currency, status, saga_id as "sagaId", refunding_saga as "refundingSaga"
  from payment.payment`;

const ledger = `
  select entry_id as "entryId", user_id as "userId", entry_no::float8 as "entryNo", kind,
    debit_account as "debitAccount", credit_account as "creditAccount", amount::float8 as amount, currency,
    balance_after::float8 as "balanceAfter", command_id as "commandId", charge_key as "chargeKey",
    ${ms('created_at')} as "createdAt"
  from balance.ledger order by user_id, entry_no`;

async function inbox(all: <Row>(sql: string) => Promise<Row[]>, service: Participant): Promise<Inbox> {
  const rows = await all<{ id: string; answer: string }>(`
    select id, case when stored is null then 'tombstone'
      else coalesce(stored->'reply'->>'effect', stored->'reply'->>'outcome') end as answer
    from ${service}.inbox`);
  const [row] = await all<{ floor: number }>(`select floor::float8 as floor from ${service}.inbox_floor`);
  return {
    floor: row?.floor ?? 0,
    rows: new Map(rows.map(({ id, answer }) => [id, answer])) as Inbox['rows'],
  };
}

async function forEachParticipant<Value>(
  read: (service: Participant) => Promise<Value>,
): Promise<Record<Participant, Value>> {
  return {
    reservation: await read('reservation'),
    payment: await read('payment'),
    balance: await read('balance'),
    token: await read('token'),
  };
}
