import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { ServiceName } from '../contracts/define.ts';
import type { EventMessage } from '../contracts/protocol.ts';
import { inTransaction, query, type Transaction } from '../database/query.ts';
import type { KafkaConnection } from '../messaging/kafka.ts';
import { encodeEvent } from '../messaging/protocol.ts';
import { traceSends } from '../telemetry/messages.ts';
import { gauges } from '../telemetry/registry.ts';

/** The transactional outbox: events of what a service changes without a command, relayed to Kafka after commit. */

export const outboxMigration = {
  name: '002-outbox',
  up: `
    create table outbox (
      position bigint generated always as identity primary key,
      event_id uuid not null,
      event jsonb not null,
      traceparent text,
      created_at timestamptz not null default now()
    );
  `,
};

/**
 * Stores events in the transaction that makes them true.
 *
 * @param traceparent the trace of all of them, or of each
 */
export async function enqueue(
  tx: Transaction,
  events: readonly EventMessage[],
  traceparent?: string | readonly (string | undefined)[],
): Promise<void> {
  if (events.length === 0) return;
  const traceOf = (i: number) => (typeof traceparent === 'string' ? traceparent : traceparent?.[i]) ?? null;
  await query(
    tx,
    `insert into outbox (event_id, event, traceparent)
     select * from unnest(?::uuid[], ?::jsonb[], ?::text[])`,
    [
      events.map(() => uuidv7()),
      events.map((event) => JSON.stringify(event)),
      events.map((_, i) => traceOf(i)),
    ],
  );
}

/** Measures what the outbox holds. */
export function watchOutbox(db: Knex): void {
  gauges(
    {
      holdfast_outbox_waiting: { help: 'Events in the outbox' },
      holdfast_outbox_oldest_seconds: { help: 'Age of the oldest event in the outbox' },
    },
    async () => {
      const [row] = await query<{ waiting: number; oldest_s: number }>(
        db,
        `select count(*)::int as waiting,
                coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float as oldest_s
         from outbox`,
      );
      return {
        holdfast_outbox_waiting: row?.waiting ?? 0,
        holdfast_outbox_oldest_seconds: row?.oldest_s ?? 0,
      };
    },
  );
}

const batchSize = 500;

/**
 * Publishes what the outbox holds and deletes it. Rows are deleted one by one, never passed over by an offset, so that
 * a late commit with a smaller position isn't lost. One instance relays at a time (an advisory lock); events of one
 * aggregate keep their order because whoever changes it holds its row until commit, and draws the position under it.
 *
 * @returns `wake`, to be called after a commit, spares the wait for the next look
 */
export function relayOutbox(
  service: ServiceName,
  { db, kafka, log, everyMs = 250 }: { db: Knex; kafka: KafkaConnection; log: Logger; everyMs?: number },
): { wake: () => void; stop: () => Promise<void> } {
  let stopped = false;
  /** Somebody has called since the last look began. */
  let called = false;
  let awaken = (): void => {};
  const publish = traceSends(kafka.publish);

  async function relayBatch(): Promise<number> {
    return inTransaction(db, async (tx) => {
      const [lock] = await query<{ mine: boolean }>(
        tx,
        `select pg_try_advisory_xact_lock(hashtext(current_schema() || '.outbox')) as mine`,
      );
      if (!lock?.mine) return 0;
      const rows = await query<{
        position: number;
        event_id: string;
        event: EventMessage;
        traceparent: string | null;
      }>(tx, 'select * from outbox order by position limit ?', [batchSize]);
      if (rows.length === 0) return 0;
      await publish(
        rows.map((row) => encodeEvent(service, row.event_id, row.event, row.traceparent ?? undefined)),
      );
      await query(tx, 'delete from outbox where position = any(?::bigint[])', [
        rows.map(({ position }) => position),
      ]);
      return rows.length;
    });
  }

  async function relay(): Promise<void> {
    for (let last = false; !last; ) {
      // Whoever stops it has made its last changes: one more look, so that they don't wait for the next start.
      last = stopped;
      let relayed = 0;
      called = false;
      try {
        relayed = await relayBatch();
      } catch (error) {
        log.warn({ err: error }, 'outbox not relayed, trying again');
      }
      if (relayed < batchSize && !called && !stopped) {
        await Promise.race([sleep(everyMs), new Promise<void>((resolve) => (awaken = resolve))]);
      }
    }
  }

  const running = relay();
  return {
    wake: () => {
      called = true;
      awaken();
    },
    stop: async () => {
      stopped = true;
      awaken();
      await running;
    },
  };
}
