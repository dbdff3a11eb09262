import type { Migration } from '@holdfast/shared/database/migrate';
import { idempotencyAgeIndex, idempotencyTable } from '@holdfast/shared/http/idempotency';
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
  {
    name: '011-lines',
    up: `
      -- A concert's line. Whoever draws numbers, admits or takes people out of it holds this row, so that all of that
      -- happens one after the other on however many instances; each does it for many at once.
      alter table queue
        -- Set by an operator; otherwise the environment's.
        add max_active int check (max_active >= 0),
        add max_per_second int check (max_per_second >= 0),
        -- Numbers drawn; the highest that was admitted; how many were; how many left or fell silent before.
        add last_no bigint not null default 0,
        add head_no bigint not null default 0,
        add admitted bigint not null default 0,
        add gone bigint not null default 0,
        -- How many were admitted in the last slots of time: see allowance.ts.
        add recent jsonb not null default '{"slot": 0, "counts": []}';

      -- The number in the line of who waits for a concert. Dense, so that a place is a subtraction.
      alter table token
        alter queue_no drop identity,
        alter queue_no drop not null,
        alter expires_at drop not null;
      update token set queue_no = null where status = 'ACTIVE';
      update token set queue_no = line.no, expires_at = null
      from (select token_id, row_number() over (partition by concert_id order by queue_no) as no
            from token where status = 'WAITING') line
      where token.token_id = line.token_id;
      update queue set last_no = line.length
      from (select concert_id, count(*) as length from token where status = 'WAITING' group by concert_id) line
      where queue.concert_id = line.concert_id;
      -- Who waits lasts as long as they ask, which is told by their block.
      alter table token
        add check ((status = 'WAITING') = (expires_at is null)),
        add check (status = 'ACTIVE' or queue_no is not null);
      drop index token_due;
      create index token_due on token (expires_at) where expires_at is not null;

      -- 1,024 numbers in a row, a bit each: a million who wait are a thousand of these.
      create table queue_block (
        concert_id uuid references queue,
        block_no int,
        -- Who went without being admitted.
        gone bit(1024) not null default repeat('0', 1024)::bit(1024),
        -- Who has asked since then.
        seen bit(1024) not null default repeat('0', 1024)::bit(1024),
        seen_since timestamptz not null default now(),
        primary key (concert_id, block_no)
      ) with (fillfactor = 50);
      insert into queue_block (concert_id, block_no, seen)
      select concert_id, block_no, repeat('1', 1024)::bit(1024)
      from queue cross join generate_series(0, (last_no - 1) / 1024) as block_no where last_no > 0;
    `,
  },
  { name: '012-idempotency-age', up: idempotencyAgeIndex },
];
