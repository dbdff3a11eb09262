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
  {
    name: '021-double-entry',
    up: `
      alter table account add entries bigint not null default 0;
      alter table ledger
        add entry_no bigint,
        add debit_account text,
        add credit_account text,
        add currency text,
        add charge_key text,
        add reservation_id uuid;

      -- An id was made while its account was locked, and begins with the time: that is the order of the entries.
      update ledger set
        entry_no = known.entry_no,
        debit_account = case kind when 'charge' then 'funding' when 'deduct' then 'user' else 'sales' end,
        credit_account = case kind when 'deduct' then 'sales' else 'user' end,
        currency = known.currency,
        charge_key = case kind when 'charge' then coalesce(known.key, known.entry_id::text) end
      from (
        select entry_id, account.currency, key,
          row_number() over (partition by ledger.user_id order by entry_id) as entry_no
        from ledger join account using (user_id)
          left join idempotency_key on idempotency_key.user_id = ledger.user_id
            and operation = 'charge' and (body ->> 'chargeId')::uuid = entry_id
      ) known
      where ledger.entry_id = known.entry_id;

      -- But two instances may have made theirs within a millisecond: there, that one comes first which continues the
      -- balance.
      create function signed(ledger) returns bigint language sql immutable as
        $$ select case $1.credit_account when 'user' then $1.amount else -$1.amount end $$;
      do $$
      declare
        torn uuid;
        line ledger;
        reached bigint;
        place bigint;
      begin
        for torn in
          select distinct user_id from (
            select user_id, balance_after - signed(ledger) as before,
              lag(balance_after, 1, 0::bigint) over (partition by user_id order by entry_no) as continues
            from ledger
          ) lines where before <> continues
        loop
          update ledger set entry_no = -entry_no where user_id = torn;
          reached := 0;
          place := 0;
          loop
            select * into line from ledger where user_id = torn and entry_no < 0
            order by left(entry_id::text, 13), balance_after - signed(ledger) <> reached, entry_id limit 1;
            exit when not found;
            reached := line.balance_after;
            place := place + 1;
            update ledger set entry_no = place where entry_id = line.entry_id;
          end loop;
        end loop;
      end $$;
      drop function signed(ledger);

      update account set entries = counted.entries
      from (select user_id, max(entry_no) as entries from ledger group by user_id) counted
      where account.user_id = counted.user_id;

      -- The key of a user's entries: what a history is read by, and what no two changes of a balance can both take.
      alter table ledger
        drop constraint ledger_pkey,
        add primary key (user_id, entry_no),
        alter debit_account set not null,
        alter credit_account set not null,
        alter currency set not null,
        drop constraint if exists ledger_kind_check,
        add constraint ledger_transfer check ((kind, debit_account, credit_account) in
          (('charge', 'funding', 'user'), ('deduct', 'user', 'sales'),
           ('refund', 'sales', 'user'), ('credit', 'sales', 'user'))),
        add constraint ledger_cause check (num_nonnulls(command_id, charge_key) = 1);

      -- The ledger itself remembers by which key what was charged, to the end of time.
      create unique index ledger_charge_key on ledger (user_id, charge_key) where charge_key is not null;
      drop table idempotency_key;

      -- Append-only, whoever asks: the service's role may not, and for everyone else there is the trigger.
      create function ledger_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'the ledger is append-only: what is wrong is put right by another entry'
          using errcode = 'restrict_violation';
      end $$;
      create trigger ledger_append_only before update or delete or truncate on ledger
        for each statement execute function ledger_is_append_only();
      revoke update, delete, truncate on ledger from current_user;
    `,
  },
  {
    name: '022-ledger-check',
    up: `
      create table ledger_check (
        check_id bigint generated always as identity primary key,
        from_start boolean not null,
        started_at timestamptz not null default now(),
        ended_at timestamptz,
        -- The account that it has come to, in the order of their ids.
        reached uuid not null default '00000000-0000-0000-0000-000000000000',
        accounts bigint not null default 0,
        entries bigint not null default 0,
        unbalanced bigint not null default 0,
        findings jsonb not null default '[]',
        totals jsonb not null default '[]'
      );
      -- One at a time, whichever instance works on it.
      create unique index ledger_check_running on ledger_check ((true)) where ended_at is null;

      -- How far a user's entries have been found in order. A table of its own: no payment waits for its rows.
      create table ledger_checked (
        user_id uuid primary key,
        entry_no bigint not null,
        balance bigint not null
      );
      -- What these entries come to, for each account.
      create table ledger_total (
        currency text,
        account text,
        debits numeric not null,
        credits numeric not null,
        primary key (currency, account)
      );
    `,
  },
];
