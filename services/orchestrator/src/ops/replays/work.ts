import { type Database, inTransaction, query } from '@holdfast/shared/database/query';
import type { RawRecord } from '@holdfast/shared/messaging/cloud-event';
import { isTooLarge } from '@holdfast/shared/messaging/pack';
import type { Knex } from 'knex';
import { replayHeaders, unpackHeaders } from '../dead-letters/read-letter.ts';
import { type RecordRow, recordColumns } from '../dead-letters/rows.ts';
import type { Operator } from '../operator.ts';
import { endReplay } from './rows.ts';

/**
 * Works off replays, a batch at a time, on whichever instance is alive: the row is leased to one at a time. A batch is
 * published first and marked as sent afterwards, so that none is lost; a crash between the two publishes it again, and
 * the inboxes know those ids. The pace is in the row as well, so that it holds over a crash.
 */

/** A batch is what goes out in so many seconds. */
const batchS = 0.25;
const maxBatch = 500;
/** What one request to Kafka should not be larger than. */
const maxBatchBytes = 1_000_000;
/** So long a batch may take before another instance takes the replay over. */
const leaseS = 5;

/** The first few go alone, and this long ahead: should they fail again, the others stay where they are. */
const vanguard = 5;
const vanguardS = 5;

type Due = {
  replay_id: number;
  rate: number;
  stop_after: number;
  total: number;
  sent: number;
  started_by: Operator;
};
type Queued = RecordRow & { letter_id: number; topic: string; replays: number };

export type ReplayNeeds = {
  db: Knex;
  publish: (records: RawRecord[]) => Promise<void>;
  /** This instance's id. */
  instance: string;
};

/** Sends the next batch of each replay that is due. */
export async function workReplays({ db, publish, instance }: ReplayNeeds): Promise<void> {
  for (;;) {
    const due = await leaseNext(db, instance);
    if (!due) return;
    if (await stopIfFailing(db, due)) continue;
    const first = due.sent === 0 && due.total > vanguard;
    const letters = await takeQueued(db, due.replay_id, first ? vanguard : batchOf(due.rate));
    const sent = await send(publish, letters);
    await markSent(db, due, letters, sent, first ? vanguardS : letters.length / due.rate);
  }
}

/**
 * One call each, which share requests all the same: a letter that the headers of its replay make too large for its topic
 * fails alone.
 *
 * @returns the ids of those that were sent
 */
async function send(publish: ReplayNeeds['publish'], letters: readonly Queued[]): Promise<number[]> {
  const sent = await Promise.all(
    letters.map(async (letter) => {
      try {
        await publish([replayRecord(letter)]);
        return [letter.letter_id];
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        return [];
      }
    }),
  );
  return sent.flat();
}

const batchOf = (rate: number): number => Math.min(Math.ceil(rate * batchS), maxBatch);

async function leaseNext(db: Knex, instance: string): Promise<Due | undefined> {
  const [due] = await query<Due>(
    db,
    `update replay set worker = ?::uuid, leased_until = now() + ? * interval '1 s'
     where replay_id = (
       select replay_id from replay
       where status = 'RUNNING' and next_at <= now() and (worker = ?::uuid or leased_until < now())
       order by next_at limit 1 for update skip locked)
     returning replay_id, rate, stop_after, total, sent, started_by`,
    [instance, leaseS, instance],
  );
  return due;
}

async function stopIfFailing(db: Knex, due: Due): Promise<boolean> {
  const [row] = await query<{ failed: number }>(
    db,
    `select count(*)::int as failed from dead_letter where replay_id = ? and status = 'FAILED_AGAIN'`,
    [due.replay_id],
  );
  const failed = row?.failed ?? 0;
  if (failed < due.stop_after) return false;
  await inTransaction(db, (tx) =>
    endReplay(tx, due.replay_id, {
      status: 'STOPPED',
      because: `${failed} of ${due.sent} sent have failed again`,
      operator: due.started_by,
      action: 'replay.end',
    }),
  );
  return true;
}

/** The next letters, in their order, as many as fit a request; at least one. */
const takeQueued = (db: Database, replayId: number, limit: number): Promise<Queued[]> =>
  query<Queued>(
    db,
    `select letter_id, topic, replays, ${recordColumns} from dead_letter
     join (
       select letter_id, sum(coalesce(octet_length(record_value), 0)) over (order by letter_id) as bytes,
              row_number() over (order by letter_id) as nth
       from (
         select letter_id, record_value from dead_letter
         where replay_id = ? and status = 'QUEUED' order by letter_id limit ?
       ) next
     ) sized using (letter_id)
     where bytes <= ? or nth = 1
     order by letter_id`,
    [replayId, limit, maxBatchBytes],
  );

/** The message as it was, byte for byte: the same id, so that it can't be done twice. */
const replayRecord = (letter: Queued): RawRecord => ({
  topic: letter.topic,
  key: letter.record_key,
  value: letter.record_value,
  headers: {
    ...unpackHeaders(letter.record_headers),
    [replayHeaders.letter]: String(letter.letter_id),
    [replayHeaders.replays]: String(letter.replays + 1),
  },
});

const markSent = (
  db: Knex,
  due: Due,
  letters: readonly Queued[],
  sent: readonly number[],
  pauseS: number,
): Promise<void> =>
  inTransaction(db, async (tx) => {
    const ids = letters.map(({ letter_id }) => letter_id);
    // The replay's row first, as a stop does it too.
    await query(
      tx,
      `update replay set sent = sent + ?, leased_until = now() + ? * interval '1 s',
              next_at = greatest(next_at, now() - interval '1 s') + ? * interval '1 s'
       where replay_id = ?`,
      [sent.length, leaseS, pauseS, due.replay_id],
    );
    // In the order in which their failures are noted as well.
    await query(
      tx,
      'select from dead_letter where letter_id = any(?::bigint[]) order by letter_id for update',
      [ids],
    );
    // One that has come back meanwhile has failed again; one that a stop has opened was sent all the same.
    await query(
      tx,
      `update dead_letter set status = 'REPLAYED', closed_at = now(), closed_by = ?::jsonb
       where letter_id = any(?::bigint[]) and replay_id = ? and status in ('QUEUED', 'OPEN')`,
      [JSON.stringify(due.started_by), sent, due.replay_id],
    );
    // What couldn't be sent is open again.
    await query(
      tx,
      `update dead_letter set status = 'OPEN'
       where letter_id = any(?::bigint[]) and replay_id = ? and status = 'QUEUED'`,
      [ids, due.replay_id],
    );
    const [left] = await query(
      tx,
      "select from dead_letter where replay_id = ? and status = 'QUEUED' limit 1",
      [due.replay_id],
    );
    if (left) return;
    await endReplay(tx, due.replay_id, {
      status: 'DONE',
      because: undefined,
      operator: due.started_by,
      action: 'replay.end',
    });
  });
