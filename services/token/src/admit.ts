import { type Database, inTransaction, query } from '@holdfast/shared/database/query';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import { activated } from './events.ts';
import { tokenColumns } from './rows.ts';
import type { Token } from './state.ts';

export type Admission = {
  /** How many users of a concert are admitted at once. */
  maxActive: number;
  activeTtlMs: number;
};

/** Admits the next in every queue where somebody waits. */
export async function admitAll(db: Knex, admission: Admission): Promise<void> {
  const rows = await query<{ concertId: string }>(
    db,
    `select concert_id as "concertId" from queue
     where exists (select from token where token.concert_id = queue.concert_id and status = 'WAITING')`,
  );
  const crowded = rows.map(({ concertId }) => concertId);
  if (crowded.length > 0) await inTransaction(db, (tx) => admit(tx, crowded, admission));
}

/** A token in use counts even past its time: its owner is still at it. */
const activeCount = `(
  select count(*) from token
  where token.concert_id = queue.concert_id and status = 'ACTIVE' and (expires_at > now() or claimed_by is not null))`;

/** Activates, in order of arrival, as many tokens of these concerts as there is room for. */
export async function admit(
  tx: Knex.Transaction,
  concertIds: readonly string[],
  { maxActive, activeTtlMs }: Admission,
  traceparent?: string,
): Promise<void> {
  const locked = await lockQueuesWithRoom(tx, concertIds, maxActive);
  if (locked.length === 0) return;
  // A statement of its own, since its snapshot has to see those whom the lock's last holder admitted. A token that is
  // locked is just being asked for or given back: waiting for it here could be a deadlock, the next look is soon.
  const tokens = await query<Token>(
    tx,
    `with next as (
       select waiting.token_id from queue cross join lateral (
         select token_id from token
         where token.concert_id = queue.concert_id and status = 'WAITING' and expires_at > now()
         order by queue_no limit greatest(0, ? - ${activeCount})
         for no key update skip locked
       ) waiting
       where queue.concert_id = any(?::uuid[])
     )
     update token set status = 'ACTIVE', expires_at = now() + ? * interval '1 millisecond'
     from next where token.token_id = next.token_id
     returning ${tokenColumns}`,
    [maxActive, locked, activeTtlMs],
  );
  await enqueue(tx, tokens.map(activated), traceparent);
}

/** On a crowded day nearly every look finds no room, and then nobody waits for the lock. */
async function lockQueuesWithRoom(
  tx: Database,
  concertIds: readonly string[],
  maxActive: number,
): Promise<string[]> {
  const rows = await query<{ concertId: string }>(
    tx,
    `select concert_id as "concertId" from queue where concert_id = any(?::uuid[]) and ${activeCount} < ?
     order by concert_id for no key update`,
    [concertIds, maxActive],
  );
  return rows.map(({ concertId }) => concertId);
}
