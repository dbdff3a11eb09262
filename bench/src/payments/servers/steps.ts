import type pg from 'pg';

/**
 * The steps of a payment and of a hold, and their undos, for those that do the whole job in one process: one prepared
 * statement each. Each may be repeated: what a saga has done already it finds done, so that a durable engine needs no
 * transaction around a step and its checkpoint.
 */

export type Pay = {
  /** Also the payment's id. */
  sagaId: string;
  userId: string;
  reservationId: string;
  tokenHash: string;
  /** To be refused at the last step. */
  fails: boolean;
};

export type Reserve = { sagaId: string; userId: string; concertSeatId: string; tokenHash: string };

export type Db = Pick<pg.Pool, 'query'>;

/** A business refusal: nobody tries again. */
const refusedCode = 'refused';
const refusal = (reason: string): Error => Object.assign(new Error(reason), { code: refusedCode });
export const isRefusal = (error: unknown): boolean => (error as { code?: unknown }).code === refusedCode;

async function run<Row extends object>(
  db: Db,
  name: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  return (await db.query<Row>({ name, text, values })).rows;
}

function required<Row>(rows: Row[], reason: string): Row {
  const [row] = rows;
  if (row === undefined) throw refusal(reason);
  return row;
}

export async function verifyToken(db: Db, { sagaId, userId, reservationId, tokenHash }: Pay): Promise<void> {
  const rows = await run(
    db,
    'verify-token',
    `update token.token set claimed_by = $1
     where token_hash = $2 and user_id = $3 and reservation_id = $4 and status = 'ACTIVE' and expires_at > now()
       and (claimed_by is null or claimed_by = $1)
     returning 1`,
    [sagaId, tokenHash, userId, reservationId],
  );
  required(rows, 'token-not-active');
}

export type Price = { amount: number; currency: string };

export async function loadReservation(db: Db, { sagaId, userId, reservationId }: Pay): Promise<Price> {
  const rows = await run<Price>(
    db,
    'load-reservation',
    `update reservation.reservation set paying_saga = $1
     where reservation_id = $2 and user_id = $3 and status = 'TEMPORARY_HOLD' and hold_expires_at > now()
       and (paying_saga is null or paying_saga = $1)
     returning price_amount::float8 as amount, currency`,
    [sagaId, reservationId, userId],
  );
  return required(rows, 'hold-expired');
}

export async function loadBalance(db: Db, { userId }: Pay, { amount, currency }: Price): Promise<void> {
  const rows = await run<{ enough: boolean }>(
    db,
    'load-balance',
    'select balance >= $2 and currency = $3 as enough from balance.account where user_id = $1',
    [userId, amount, currency],
  );
  if (!required(rows, 'user-not-found').enough) throw refusal('insufficient-balance');
}

export async function deductBalance(
  db: Db,
  { sagaId, userId, reservationId }: Pay,
  { amount }: Price,
): Promise<void> {
  const rows = await run(
    db,
    'deduct-balance',
    `with known as (select 1 from balance.ledger where command_id = $4),
     account as (
       update balance.account set balance = balance - $2, entries = entries + 1
       where user_id = $1 and balance >= $2 and not exists (select from known)
       returning *
     ), entry as (
       insert into balance.ledger (entry_id, user_id, kind, amount, balance_after, entry_no, debit_account,
                                   credit_account, currency, command_id, reservation_id)
       select gen_random_uuid(), user_id, 'deduct', $2, balance, entries, 'user', 'sales', currency, $4, $3
       from account
       returning 1
     )
     select from entry union all select from known`,
    [userId, amount, reservationId, `${sagaId} deduct`],
  );
  required(rows, 'insufficient-balance');
}

export async function createPayment(
  db: Db,
  { sagaId, userId, reservationId }: Pay,
  { amount, currency }: Price,
): Promise<void> {
  await run(
    db,
    'create-payment',
    `insert into payment.payment (payment_id, reservation_id, user_id, amount, currency, status, saga_id)
     values ($1, $2, $3, $4, $5, 'COMPLETED', $1)
     on conflict (payment_id) do nothing`,
    [sagaId, reservationId, userId, amount, currency],
  );
}

/** Also takes the token away, which for Holdfast is a message of its own after the end. */
export async function confirmReservation(
  db: Db,
  { sagaId, reservationId, tokenHash, fails }: Pay,
): Promise<void> {
  if (fails) throw refusal('not-in-payment');
  const rows = await run(
    db,
    'confirm-reservation',
    `with paid as (
       update reservation.reservation set status = 'PAID'
       where reservation_id = $2 and paying_saga = $1 and status in ('TEMPORARY_HOLD', 'PAID')
       returning reservation_id
     ), used as (delete from token.token where token_hash = $3 and exists (select from paid))
     update reservation.concert_seat set status = 'SOLD' from paid
     where concert_seat_id in (select concert_seat_id from reservation.reservation_seat where reservation_id = $2)
     returning 1`,
    [sagaId, reservationId, tokenHash],
  );
  required(rows, 'not-in-payment');
}

export async function refundBalance(db: Db, { sagaId, userId }: Pay): Promise<void> {
  await run(
    db,
    'refund-balance',
    `with deducted as (
       select amount, reservation_id from balance.ledger
       where command_id = $2 and not exists (select from balance.ledger where command_id = $3)
     ), account as (
       update balance.account set balance = balance + amount, entries = entries + 1
       from deducted where user_id = $1
       returning account.*, amount, reservation_id
     )
     insert into balance.ledger (entry_id, user_id, kind, amount, balance_after, entry_no, debit_account,
                                 credit_account, currency, command_id, reservation_id)
     select gen_random_uuid(), user_id, 'refund', amount, balance, entries, 'sales', 'user', currency, $3,
       reservation_id
     from account`,
    [userId, `${sagaId} deduct`, `${sagaId} refund`],
  );
}

export async function cancelPayment(db: Db, { sagaId }: Pay): Promise<void> {
  await run(
    db,
    'cancel-payment',
    `update payment.payment set status = 'CANCELLED', cancelled_at = now()
     where payment_id = $1 and status = 'COMPLETED'`,
    [sagaId],
  );
}

export async function unmarkReservation(db: Db, { sagaId, reservationId }: Pay): Promise<void> {
  await run(
    db,
    'unmark-reservation',
    `update reservation.reservation set paying_saga = null
     where reservation_id = $2 and paying_saga = $1 and status = 'TEMPORARY_HOLD'`,
    [sagaId, reservationId],
  );
}

export async function releaseToken(
  db: Db,
  { sagaId, tokenHash }: Pick<Pay, 'sagaId' | 'tokenHash'>,
): Promise<void> {
  await run(
    db,
    'release-token',
    'update token.token set claimed_by = null where token_hash = $2 and claimed_by = $1',
    [sagaId, tokenHash],
  );
}

export async function verifyConcertToken(db: Db, { sagaId, userId, tokenHash }: Reserve): Promise<void> {
  const rows = await run(
    db,
    'verify-concert-token',
    `update token.token set claimed_by = $1
     where token_hash = $2 and user_id = $3 and concert_id is not null and status = 'ACTIVE' and expires_at > now()
       and (claimed_by is null or claimed_by = $1)
     returning 1`,
    [sagaId, tokenHash, userId],
  );
  required(rows, 'token-not-active');
}

export async function loadSeat(db: Db, { sagaId, concertSeatId }: Reserve): Promise<void> {
  const rows = await run<{ free: boolean }>(
    db,
    'load-seat',
    `select status = 'AVAILABLE' or reservation_id = $2 as free
     from reservation.concert_seat where concert_seat_id = $1`,
    [concertSeatId, sagaId],
  );
  if (!required(rows, 'seat-not-found').free) throw refusal('seat-taken');
}

export async function loadUser(db: Db, { userId }: Reserve): Promise<void> {
  const rows = await run(db, 'load-user', 'select 1 from balance.account where user_id = $1', [userId]);
  required(rows, 'user-not-found');
}

export async function createReservation(
  db: Db,
  { sagaId, userId, concertSeatId, tokenHash }: Reserve,
): Promise<void> {
  const rows = await run(
    db,
    'create-reservation',
    `with known as (select 1 from reservation.reservation where reservation_id = $1),
     seat as (
       update reservation.concert_seat set status = 'HELD', reservation_id = $1
       where concert_seat_id = $2 and status = 'AVAILABLE'
       returning *
     ), reservation as (
       insert into reservation.reservation
         (reservation_id, user_id, status, price_amount, currency, hold_expires_at, performance_id)
       select $1, $3, 'TEMPORARY_HOLD', price_amount, currency, now() + interval '10 minutes', performance_id from seat
       returning 1
     ), held as (
       insert into reservation.reservation_seat (reservation_id, concert_seat_id, live)
       select $1, concert_seat_id, true from seat
     ), used as (delete from token.token where token_hash = $4 and exists (select from seat))
     select from reservation union all select from known`,
    [sagaId, concertSeatId, userId, tokenHash],
  );
  required(rows, 'seat-taken');
}
