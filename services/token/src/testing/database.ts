import { migrate } from '@holdfast/shared/database/migrate';
import { query } from '@holdfast/shared/database/query';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import type { Knex } from 'knex';
import type { Policy } from '../policy.ts';
import { migrations } from '../schema.ts';

/** An empty database of the token service. */
export async function createTokenDatabase(): Promise<{ db: Knex; drop: () => Promise<void> }> {
  const { db, drop } = await createTestDatabase();
  await migrate(db, migrations);
  return { db, drop };
}

export const policy: Policy = {
  secret: 'a secret for tests, of 32 characters and more',
  maxActive: 2,
  activeTtlMs: 60_000,
  waitingTtlMs: 600_000,
};

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
