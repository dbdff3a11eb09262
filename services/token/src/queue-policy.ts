import { query } from '@holdfast/shared/database/query';
import type { Knex } from 'knex';
import type { Admission } from './policy.ts';

/** What an operator may set for a concert. */
export type QueuePolicy = Pick<Admission, 'maxActive' | 'maxPerSecond'>;

/** Sets the admission policy of a concert's queue. The next admission on any instance goes by it. */
export async function setPolicy(
  db: Knex,
  concertId: string,
  { maxActive, maxPerSecond }: QueuePolicy,
): Promise<void> {
  await query(
    db,
    `insert into queue (concert_id, max_active, max_per_second) values (?, ?, ?)
     on conflict (concert_id)
     do update set max_active = excluded.max_active, max_per_second = excluded.max_per_second`,
    [concertId, maxActive, maxPerSecond],
  );
}

export type Overview = {
  concertId: string;
  policy: QueuePolicy;
  waiting: number;
  active: number;
  admitted: number;
  gone: number;
};

/** How a concert's queue stands, if anybody has asked for it. */
export async function overviewOf(
  db: Knex,
  concertId: string,
  { maxActive, maxPerSecond }: QueuePolicy,
): Promise<Overview | undefined> {
  const [row] = await query<Overview>(
    db,
    `select concert_id as "concertId", admitted, gone, last_no - admitted - gone as waiting,
       json_build_object('maxActive', coalesce(max_active, ?::int),
         'maxPerSecond', coalesce(max_per_second, ?::int)) as policy,
       (select count(*) from token where token.concert_id = queue.concert_id and status = 'ACTIVE') as active
     from queue where concert_id = ?`,
    [maxActive, maxPerSecond, concertId],
  );
  return row;
}
