import type { Migration } from '@holdfast/shared/database/migrate';
import { idempotencyTable } from '@holdfast/shared/http/idempotency';
import { participantMigrations } from '@holdfast/shared/participant/migrations';

export const migrations: readonly Migration[] = [
  ...participantMigrations,
  { name: '003-idempotency', up: idempotencyTable },
  {
    name: '010-token',
    up: `
      -- One row a concert that people have asked for: whoever admits locks it, so that the limit holds for all instances.
      create table queue (concert_id uuid primary key);

      create table token (
        token_id uuid primary key,
        -- Of the token only its SHA-256 is kept: what leaks from here admits nobody.
        token_hash text not null unique,
        user_id uuid not null,
        concert_id uuid references queue,
        reservation_id uuid,
        status text not null check (status in ('WAITING', 'ACTIVE')),
        -- The order of arrival.
        queue_no bigint generated always as identity,
        -- The saga that is using it.
        claimed_by uuid,
        expires_at timestamptz not null,
        created_at timestamptz not null default now(),
        check (num_nonnulls(concert_id, reservation_id) = 1)
      );
      create unique index token_one_each on token (user_id, coalesce(concert_id, reservation_id));
      create index token_waiting on token (concert_id, queue_no) where status = 'WAITING';
      create index token_active on token (concert_id) where status = 'ACTIVE';
      create index token_due on token (expires_at);
    `,
  },
];
