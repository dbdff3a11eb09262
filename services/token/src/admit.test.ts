import { randomUUID } from 'node:crypto';
import { query } from '@holdfast/shared/database/query';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { admitAll } from './admit.ts';
import { expireTokens } from './expire-tokens.ts';
import { hashOf, tokenOf } from './secret.ts';
import {
  createTokenDatabase,
  giveBack,
  join as joinLine,
  policy,
  silence,
  takeEvents,
  updateTokens,
} from './testing/database.ts';

let database: Awaited<ReturnType<typeof createTokenDatabase>>;
let db: Knex;
beforeAll(async () => {
  database = await createTokenDatabase();
  db = database.db;
});
afterAll(() => database.drop());
beforeEach(async () => {
  await query(db, 'truncate token, queue, queue_block, outbox');
});

const join = (concertId: string, userId: string, maxActive = policy.maxActive) =>
  joinLine(db, { userId, concertId }, { ...policy, maxActive });

/** So many users, who joined one after the other. */
async function crowd(concertId: string, size: number): Promise<string[]> {
  const users = Array.from({ length: size }, () => randomUUID());
  for (const userId of users) await join(concertId, userId);
  return users;
}

const activeUsers = async (concertId: string): Promise<string[]> => {
  const rows = await query<{ user_id: string }>(
    db,
    `select user_id from token where concert_id = ? and status = 'ACTIVE' order by queue_no`,
    [concertId],
  );
  return rows.map(({ user_id }) => user_id);
};

describe('admission', () => {
  test('lets in as many as there is room for, and has the others wait in order of arrival', async () => {
    const concertId = randomUUID();
    const users = Array.from({ length: 4 }, () => randomUUID());
    const places = [];
    for (const userId of users) places.push(await join(concertId, userId));
    expect(places.map(({ status, position }) => ({ status, position }))).toEqual([
      { status: 'ACTIVE', position: 0 },
      { status: 'ACTIVE', position: 0 },
      { status: 'WAITING', position: 1 },
      { status: 'WAITING', position: 2 },
    ]);
    const events = await takeEvents(db);
    expect(events.map(({ type, data }) => [type, data.userId])).toEqual(
      users.slice(0, 2).map((userId) => ['token.activated', userId]),
    );
  });

  test('admits the first who waits when somebody leaves', async () => {
    const concertId = randomUUID();
    const [first, second, third, fourth] = (await crowd(concertId, 4)) as [string, string, string, string];
    await admitAll(db, policy);
    expect(await activeUsers(concertId)).toEqual([first, second]);

    const { tokenId } = await join(concertId, first);
    const tokenHash = hashOf(tokenOf(policy.secret, tokenId));
    expect(await giveBack(db, { tokenHash, userId: first })).toBeUndefined();
    await admitAll(db, policy);
    expect(await activeUsers(concertId)).toEqual([second, third]);
    expect(await join(concertId, fourth)).toMatchObject({ status: 'WAITING', position: 1 });
  });

  test('does not let anyone in who comes while others wait, not even when there is room', async () => {
    const concertId = randomUUID();
    const [first, , third] = (await crowd(concertId, 3)) as [string, string, string];
    await updateTokens(db, first, `expires_at = now()`);
    const last = await join(concertId, randomUUID());
    expect(last).toMatchObject({ status: 'WAITING', position: 1 });
    expect(await join(concertId, third)).toMatchObject({ status: 'ACTIVE' });
  });

  test('makes room when an active token expires, but not while a saga uses it', async () => {
    const concertId = randomUUID();
    const [first, second, third] = (await crowd(concertId, 4)) as [string, string, string];
    await takeEvents(db);
    await updateTokens(db, first, `expires_at = now()`);
    await updateTokens(db, second, `expires_at = now(), claimed_by = gen_random_uuid()`);
    await expireTokens(db);
    await admitAll(db, policy);
    expect(await activeUsers(concertId)).toEqual([second, third]);
    const events = await takeEvents(db);
    expect(events.map(({ type, data }) => [type, data.userId, data.reason])).toEqual([
      ['token.deleted', first, 'expired'],
      ['token.activated', third, undefined],
    ]);
  });

  test('forgets who has stopped asking', async () => {
    const concertId = randomUUID();
    const [, , third, fourth] = (await crowd(concertId, 4)) as [string, string, string, string];
    await takeEvents(db);
    await silence(db, third);
    expect(await join(concertId, fourth)).toMatchObject({ status: 'WAITING', position: 1 });
    expect(await takeEvents(db)).toMatchObject([
      { type: 'token.deleted', data: { userId: third, reason: 'expired' } },
    ]);
  });

  test('never lets in too many, however many ask and whichever instances admit at once', async () => {
    const concertId = randomUUID();
    const asks = Array.from({ length: 60 }, () => join(concertId, randomUUID(), 10));
    const looks = Array.from({ length: 10 }, () => admitAll(db, { ...policy, maxActive: 10 }));
    await Promise.all([...asks, ...looks]);
    await admitAll(db, { ...policy, maxActive: 10 });
    expect(await activeUsers(concertId)).toHaveLength(10);
  });

  test('keeps the queues of two concerts apart', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await crowd(one, 3);
    expect(await join(other, randomUUID())).toMatchObject({ status: 'ACTIVE' });
    await admitAll(db, policy);
    expect(await activeUsers(one)).toHaveLength(2);
  });

  test('expires any number at once', async () => {
    await query(
      db,
      `insert into token (token_id, token_hash, user_id, reservation_id, status, expires_at)
       select gen_random_uuid(), i::text, gen_random_uuid(), gen_random_uuid(), 'ACTIVE', now()
       from generate_series(1, 1200) as i`,
    );
    await Promise.all([expireTokens(db), expireTokens(db)]);
    expect(await query(db, 'select from token')).toHaveLength(0);
    expect(await takeEvents(db)).toHaveLength(1200);
  });
});
