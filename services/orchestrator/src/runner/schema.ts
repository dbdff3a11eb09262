import type { Migration } from '@holdfast/shared/database/migrate';
import { faultMigration } from '@holdfast/shared/faults/faults';

/** The orchestrator's tables. */
export const sagaMigration = {
  name: '001-saga',
  up: `
    create sequence saga_no;

    -- Few indexes and room on the page: a saga is updated with each of its steps. No index may know of the step or the
    -- deadline, or no update could be HOT.
    create table saga (
      saga_id uuid primary key,
      saga_no bigint not null,
      type text not null,
      definition_version int not null,
      user_id uuid not null,
      lock_key text not null,
      instance text not null,
      traceparent text,
      faults jsonb not null,
      status text not null,
      context jsonb not null,
      steps jsonb not null,
      failure jsonb,
      parked_reason text,
      version int not null default 1,
      moved_by text,
      deadline_at timestamptz not null,
      started_at timestamptz not null default now(),
      ended_at timestamptz,
      settled boolean not null default false
    ) with (fillfactor = 50);
    create index saga_unsettled on saga (saga_no) where not settled;

    -- The durable guard: it holds when Redis forgets. A row lives as long as its saga is unfinished.
    create table lock (
      lock_key text primary key,
      saga_id uuid not null,
      redis_value text not null,
      acquired_at timestamptz not null default now()
    );

    create table idempotency_key (
      user_id uuid not null,
      key text not null,
      request_hash text not null,
      saga_id uuid not null,
      primary key (user_id, key)
    );
  `,
};

/** What operators see and decide. */
export const operationsMigration = {
  name: '002-operations',
  up: `
    alter table saga add column parked_at timestamptz, add column settlement jsonb;

    -- Also the outbox of the topic ops.audit.
    create table audit (
      audit_id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      operator_id uuid not null,
      operator_name text,
      action text not null,
      subject text not null,
      reason text,
      before jsonb,
      after jsonb,
      outcome text not null,
      published boolean not null default false
    );
    create index audit_unpublished on audit (audit_id) where not published;
    create index audit_subject on audit (subject, audit_id);

    create table replay (
      replay_id bigint generated always as identity primary key,
      status text not null default 'RUNNING',
      selection jsonb not null,
      rate int not null,
      stop_after int not null,
      total int not null,
      skipped int not null,
      sent int not null default 0,
      stopped_because text,
      started_by jsonb not null,
      reason text,
      started_at timestamptz not null default now(),
      ended_at timestamptz,
      next_at timestamptz not null default now(),
      worker uuid,
      leased_until timestamptz not null default now()
    );
    create index replay_running on replay (replay_id) where status = 'RUNNING';

    -- The index of the dead-letter topics, with the bytes: what is to be replayed is a row away. A letter is known by
    -- where its message lay: one that was buried twice, or read twice, is one letter.
    create table dead_letter (
      letter_id bigint generated always as identity primary key,
      status text not null default 'OPEN',
      topic text not null,
      "partition" int not null,
      "offset" bigint not null,
      produced_at timestamptz not null,
      dlq_topic text not null,
      dlq_partition int not null,
      dlq_offset bigint not null,
      consumer_group text not null,
      message_key text,
      message_id text,
      type text,
      saga_id uuid,
      step text,
      action text,
      error_class text not null,
      error_message text not null,
      stack_hash text not null,
      error_group text not null,
      attempts int not null,
      first_failure timestamptz not null,
      last_failure timestamptz not null,
      replays int not null,
      predecessor bigint,
      successor bigint,
      replay_id bigint,
      closed_at timestamptz,
      closed_by jsonb,
      closed_reason text,
      record_key bytea,
      record_value bytea,
      record_headers json not null,
      unique (topic, "partition", "offset", produced_at, consumer_group)
    );
    create index dead_letter_open on dead_letter (letter_id) where status = 'OPEN';
    create index dead_letter_group on dead_letter (error_group, letter_id);
    create index dead_letter_saga on dead_letter (saga_id) where saga_id is not null;
    create index dead_letter_replay on dead_letter (replay_id, letter_id) where replay_id is not null;
  `,
};

/** A saga locks as many keys as it works on. */
export const lockKeysMigration = {
  name: '003-lock-keys',
  up: `
    alter table saga alter column lock_key type text[] using array[lock_key];
    alter table saga rename column lock_key to lock_keys;
    update saga set context = context - 'concertSeatId'
      || jsonb_build_object('concertSeatIds', jsonb_build_array(context->'concertSeatId'));
  `,
};

/** Ids of sagas begin with the time: so old keys are found. */
export const keysMigration = {
  name: '004-idempotency-keys',
  up: 'create index idempotency_key_saga on idempotency_key (saga_id)',
};

export const migrations: readonly Migration[] = [
  faultMigration,
  sagaMigration,
  operationsMigration,
  lockKeysMigration,
  keysMigration,
];
