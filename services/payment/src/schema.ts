import type { Migration } from '@holdfast/shared/database/migrate';
import { participantMigrations } from '@holdfast/shared/participant/migrations';

export const migrations: readonly Migration[] = [
  ...participantMigrations,
  {
    name: '010-payment',
    up: `
      -- COMPLETED from its creation, though its saga may still fail: nobody is told the id before the saga has ended.
      create table payment (
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
      -- The database's last word: a reservation is paid once.
      create unique index payment_once on payment (reservation_id) where status = 'COMPLETED';
    `,
  },
  {
    name: '011-refund',
    up: `
      alter table payment
        drop constraint payment_status_check,
        add constraint payment_status_check check (status in ('COMPLETED', 'CANCELLED', 'REFUNDED')),
        add column refunding_saga uuid,
        add column refunded_at timestamptz;
      -- Also what was refunded was paid: such a reservation is never paid again.
      drop index payment_once;
      create unique index payment_once on payment (reservation_id) where status <> 'CANCELLED';
    `,
  },
];
