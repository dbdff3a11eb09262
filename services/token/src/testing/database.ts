import { migrate } from '@holdfast/shared/database/migrate';
import { query } from '@holdfast/shared/database/query';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import type { Knex } from 'knex';
import { expireSilent } from '../line/expire-silent.ts';
import type { Place } from '../place.ts';
import { type Owned, placesIn } from '../places.ts';
import type { Policy } from '../policy.ts';
import { migrations } from '../schema.ts';

/** An empty database of the token service. */
export async function createTokenDatabase(): Promise<Awaited<ReturnType<typeof createTestDatabase>>> {
  const database = await createTestDatabase();
  await migrate(database.db, migrations);
  return database;
}

export const policy: Policy = {
  secret: 'a secret for tests, of 32 characters and more',
  maxActive: 2,
  maxPerSecond: 1_000_000,
  activeTtlMs: 60_000,
  waitingTtlMs: 600_000,
};

/** Asks for a token as on an instance that has just started: it knows no line that could be a second old. */
export const join = (
  db: Knex,
  what: { userId: string } & ({ concertId: string } | { reservationId: string }),
  its: Policy = policy,
): Promise<Place & { claimed: boolean }> => placesIn(db, its).join({ ...what, traceparent: 'trace' });

/** Gives a token back. */
export const giveBack = (db: Knex, owned: Owned) =>
  placesIn(db, policy).leave({ ...owned, traceparent: 'trace' });

/** Lets the time pass in which a waiting user would have to ask, and then looks who hasn't. */
export async function silence(db: Knex, ...userIds: string[]): Promise<void> {
  await query(
    db,
    `update queue_block set seen_since = now() - interval '1 day',
       seen = (select bit_or(set_bit(repeat('0', 1024)::bit(1024), ((queue_no - 1) % 1024)::int, 1)) from token
         where token.concert_id = queue_block.concert_id and status = 'WAITING' and user_id <> all(?::uuid[])
           and (queue_no - 1) / 1024 = block_no)
     where exists (select from token where token.concert_id = queue_block.concert_id and user_id = any(?::uuid[]))`,
    [userIds, userIds],
  );
  await expireSilent(db, policy.waitingTtlMs);
}

/** Takes what the outbox holds. */
export const takeEvents = async (db: Knex): Promise<{ type: string; data: Record<string, unknown> }[]> => {
  const rows = await query<{ event: { type: string; data: Record<string, unknown> } }>(
    db,
    `with taken as (delete from outbox returning position, event)
     select event from taken order by position`,
  );
  return rows.map(({ event }) => event);
};

/** Changes one user's tokens. */
export const updateTokens = (db: Knex, userId: string, assignments: string): Promise<object[]> =>
  query(db, `update token set ${assignments} where user_id = ?`, [userId]);
