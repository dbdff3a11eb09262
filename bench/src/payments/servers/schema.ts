/**
 * The tables of those that Holdfast is compared with: the same shapes, keys and indexes as the services' (their
 * schema.ts), in schemas of the same names, without what only Holdfast needs (inbox, outbox, fencing, queues).
 */
export const schema = `
  create schema balance;
  create table balance.account (
    user_id uuid primary key,
    currency text not null,
    balance bigint not null check (balance >= 0),
    created_at timestamptz not null default now(),
    entries bigint not null default 0
  ) with (fillfactor = 70);
  create table balance.ledger (
    entry_id uuid not null,
    user_id uuid not null references balance.account,
    kind text not null,
    amount bigint not null check (amount > 0),
    balance_after bigint not null check (balance_after >= 0),
    command_id text unique,
    created_at timestamptz not null default now(),
    entry_no bigint,
    debit_account text not null,
    credit_account text not null,
    currency text not null,
    charge_key text,
    reservation_id uuid,
    primary key (user_id, entry_no),
    check (num_nonnulls(command_id, charge_key) = 1)
  );
  create unique index ledger_charge_key on balance.ledger (user_id, charge_key) where charge_key is not null;

  create schema payment;
  create table payment.payment (
    payment_id uuid primary key,
    reservation_id uuid not null,
    user_id uuid not null,
    amount bigint not null check (amount >= 0),
    currency text not null,
    status text not null check (status in ('COMPLETED', 'CANCELLED')),
    saga_id uuid not null,
    created_at timestamptz not null default now(),
    cancelled_at timestamptz
  );
  create unique index payment_once on payment.payment (reservation_id) where status <> 'CANCELLED';

  create schema reservation;
  create table reservation.concert (concert_id uuid primary key, title text not null, venue text not null);
  create table reservation.performance (
    performance_id uuid primary key,
    concert_id uuid not null references reservation.concert,
    starts_at timestamptz(3) not null
  );
  create table reservation.concert_seat (
    concert_seat_id uuid primary key,
    performance_id uuid not null references reservation.performance,
    section text collate "C" not null,
    row int not null,
    number int not null,
    price_amount bigint not null check (price_amount >= 0),
    currency text not null,
    status text not null default 'AVAILABLE' check (status in ('AVAILABLE', 'HELD', 'SOLD')),
    reservation_id uuid,
    fence bigint not null default 0,
    unique (performance_id, section, row, number),
    check ((status = 'AVAILABLE') = (reservation_id is null))
  ) with (fillfactor = 70);
  create table reservation.reservation (
    reservation_id uuid primary key,
    user_id uuid not null,
    status text not null check (status in ('TEMPORARY_HOLD', 'PAID', 'EXPIRED', 'CANCELLED')),
    price_amount bigint not null check (price_amount >= 0),
    currency text not null,
    hold_expires_at timestamptz not null,
    paying_saga uuid,
    created_at timestamptz not null default now(),
    performance_id uuid not null references reservation.performance,
    live boolean not null generated always as (status in ('TEMPORARY_HOLD', 'PAID')) stored,
    unique (reservation_id, live)
  ) with (fillfactor = 70);
  create index reservation_due on reservation.reservation (hold_expires_at) where status = 'TEMPORARY_HOLD';
  create index reservation_of_user on reservation.reservation (user_id, performance_id) where live;
  create table reservation.reservation_seat (
    reservation_id uuid not null,
    concert_seat_id uuid not null references reservation.concert_seat,
    live boolean not null,
    primary key (reservation_id, concert_seat_id),
    foreign key (reservation_id, live) references reservation.reservation (reservation_id, live) on update cascade
  );
  create unique index reservation_live on reservation.reservation_seat (concert_seat_id) where live;

  create schema token;
  create table token.queue (concert_id uuid primary key);
  create table token.token (
    token_id uuid primary key,
    token_hash text not null unique,
    user_id uuid not null,
    concert_id uuid references token.queue,
    reservation_id uuid,
    status text not null check (status in ('WAITING', 'ACTIVE')),
    queue_no bigint,
    claimed_by uuid,
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    check (num_nonnulls(concert_id, reservation_id) = 1)
  );
  create unique index token_one_each on token.token (user_id, coalesce(concert_id, reservation_id));
  create index token_active on token.token (concert_id) where status = 'ACTIVE';
  create index token_due on token.token (expires_at) where expires_at is not null;
`;
