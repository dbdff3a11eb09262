import { type Database, inTransaction, query, type Transaction } from '@holdfast/shared/database/query';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import { allowance, noted, type Recent } from './allowance.ts';
import { activated } from './events.ts';
import type { Admission } from './policy.ts';
import { tokenColumns } from './rows.ts';
import type { ActiveToken } from './state.ts';

/** Admits the next in every line where somebody waits. */
export async function admitAll(db: Knex, admission: Admission): Promise<void> {
  const rows = await query<{ concertId: string }>(
    db,
    'select concert_id as "concertId" from queue where last_no > admitted + gone',
  );
  const crowded = rows.map(({ concertId }) => concertId);
  if (crowded.length > 0) await inTransaction(db, (tx) => admit(tx, crowded, admission));
}

/** A token in use counts even past its time: its owner is still at it. */
const activeCount = `(
  select count(*) from token
  where token.concert_id = queue.concert_id and status = 'ACTIVE' and (expires_at > now() or claimed_by is not null))`;

/**
 * Activates, in order of arrival, as many tokens of these concerts as there is room for and as may be in this second.
 *
 * @param traces by token, where its owner's request is what asks
 * @returns the activated tokens
 */
export async function admit(
  tx: Transaction,
  concertIds: readonly string[],
  admission: Admission,
  traces: ReadonlyMap<string, string> = new Map(),
): Promise<ActiveToken[]> {
  const locked = await lockLinesWithRoom(tx, concertIds, admission.maxActive);
  if (locked.length === 0) return [];
  const open = await openings(tx, locked, admission);
  if (open.length === 0) return [];
  const tokens = await activate(tx, open, admission.activeTtlMs);
  if (tokens.length === 0) return [];
  await noteAdmissions(tx, open, tokens);
  await enqueue(
    tx,
    tokens.map(activated),
    tokens.map(({ tokenId }) => traces.get(tokenId)),
  );
  return tokens;
}

/** On a crowded day nearly every look finds no room, and then nobody waits for the lock. */
async function lockLinesWithRoom(
  tx: Database,
  concertIds: readonly string[],
  maxActive: number,
): Promise<string[]> {
  const rows = await query<{ concertId: string }>(
    tx,
    `select concert_id as "concertId" from queue
     where concert_id = any(?::uuid[]) and ${activeCount} < coalesce(max_active, ?)
     order by concert_id for no key update`,
    [concertIds, maxActive],
  );
  return rows.map(({ concertId }) => concertId);
}

/** How many may be admitted to a concert now. */
type Opening = { concertId: string; places: number; now: Date; recent: Recent };

/** A statement of its own, since its snapshot has to see those whom the lock's last holder admitted. */
async function openings(
  tx: Database,
  locked: readonly string[],
  { maxActive, maxPerSecond }: Admission,
): Promise<Opening[]> {
  const rows = await query<Omit<Opening, 'places'> & { room: number; maxPerSecond: number }>(
    tx,
    `select concert_id as "concertId", recent, clock_timestamp() as now,
       coalesce(max_active, ?) - ${activeCount} as room, coalesce(max_per_second, ?) as "maxPerSecond"
     from queue where concert_id = any(?::uuid[])`,
    [maxActive, maxPerSecond, locked],
  );
  return rows
    .map(({ room, maxPerSecond, ...opening }) => {
      const places = Math.max(0, Math.min(room, allowance(opening.recent, opening.now, maxPerSecond)));
      return { ...opening, places };
    })
    .filter(({ places }) => places > 0);
}

type Activated = ActiveToken & { queueNo: number };

/** One that is locked is just tried by a saga although it waits: to wait for it could be a deadlock, it is next. */
async function activate(tx: Database, open: readonly Opening[], activeTtlMs: number): Promise<Activated[]> {
  return await query<Activated>(
    tx,
    `with next as (
       select waiting.token_id, opening.now
       from unnest(?::uuid[], ?::int[], ?::timestamptz[]) as opening (concert_id, places, now)
       cross join lateral (
         select token_id from token
         where token.concert_id = opening.concert_id and status = 'WAITING'
         order by queue_no limit opening.places
         for no key update skip locked
       ) waiting
     )
     update token set status = 'ACTIVE', expires_at = next.now + ? * interval '1 millisecond'
     from next where token.token_id = next.token_id
     returning ${tokenColumns}, queue_no as "queueNo"`,
    [
      open.map(({ concertId }) => concertId),
      open.map(({ places }) => places),
      open.map(({ now }) => now.toISOString()),
      activeTtlMs,
    ],
  );
}

async function noteAdmissions(
  tx: Database,
  open: readonly Opening[],
  tokens: readonly Activated[],
): Promise<void> {
  const lines = open.flatMap(({ concertId, recent, now }) => {
    const numbers = tokens.flatMap((token) => (token.concertId === concertId ? token.queueNo : []));
    if (numbers.length === 0) return [];
    const head = numbers.reduce((highest, number) => Math.max(highest, number));
    return { concertId, head, admitted: numbers.length, recent: noted(recent, now, numbers.length) };
  });
  await query(
    tx,
    `update queue set head_no = greatest(head_no, new.head), admitted = queue.admitted + new.admitted,
       recent = new.recent
     from unnest(?::uuid[], ?::bigint[], ?::int[], ?::jsonb[]) as new (concert_id, head, admitted, recent)
     where queue.concert_id = new.concert_id`,
    [
      lines.map(({ concertId }) => concertId),
      lines.map(({ head }) => head),
      lines.map(({ admitted }) => admitted),
      lines.map(({ recent }) => JSON.stringify(recent)),
    ],
  );
}
