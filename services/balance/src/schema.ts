import type { Migration } from '@holdfast/shared/database/migrate';
import { idempotencyTable } from '@holdfast/shared/http/idempotency';
import { participantMigrations } from '@holdfast/shared/participant/migrations';

export const migrations: readonly Migration[] = [
  ...participantMigrations,
  { name: '003-idempotency', up: idempotencyTable },
  {
    name: '010-account',
    up: `
      -- No index knows of the balance, and there is room on the page: each change is a HOT update.
      create table account (
        user_id uuid primary key,
        currency text not null,
        balance bigint not null check (balance >= 0),
        created_at timestamptz not null default now()
      ) with (fillfactor = 70);

      -- Append-only: what a balance is made of.
      create table ledger (
        entry_id uuid primary key,
        user_id uuid not null references account,
        kind text not null check (kind in ('charge', 'deduct', 'refund')),
        amount bigint not null check (amount > 0),
        balance_after bigint not null check (balance_after >= 0),
        -- The command that made it; a charge has none. It is how a refund finds what it refunds.
        command_id text unique,
        created_at timestamptz not null default now()
      );
    `,
  },
  {
    name: '020-credit',
    up: `
      alter table ledger drop constraint ledger_kind_check,
        add constraint ledger_kind_check check (kind in ('charge', 'deduct', 'refund', 'credit'));
    `,
  },
];
