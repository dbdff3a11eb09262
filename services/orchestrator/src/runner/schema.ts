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
