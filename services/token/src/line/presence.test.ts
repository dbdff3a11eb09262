import { randomUUID } from 'node:crypto';
import { query } from '@holdfast/shared/database/query';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { placesIn } from '../places.ts';
import { hashOf, tokenOf } from '../secret.ts';
import { createTokenDatabase, join, policy, takeEvents } from '../testing/database.ts';
import { expireSilent } from './expire-silent.ts';

let database: Awaited<ReturnType<typeof createTokenDatabase>>;
let db: Knex;
beforeAll(async () => {
  database = await createTokenDatabase();
  db = database.db;
});
afterAll(() => database.drop());

const closed = { ...policy, maxActive: 0 };

async function crowd(concertId: string, size: number) {
  const places = placesIn(db, closed);
  return Promise.all(
    Array.from({ length: size }, async () => {
      const userId = randomUUID();
      const { tokenId } = await places.join({ userId, concertId, traceparent: 'trace' });
      return { userId, tokenHash: hashOf(tokenOf(policy.secret, tokenId)) };
    }),
  );
}

/** What one period is long, passes. */
const pass = () => query(db, `update queue_block set seen_since = seen_since - interval '1 hour'`);

test('who asks stays, who does not is gone after a period in which nobody has heard of them', async () => {
  const concertId = randomUUID();
  const users = await crowd(concertId, 1_500);
  const places = placesIn(db, closed);
  const asking = users.filter((_, i) => i % 3 === 0);

  await pass();
  await expireSilent(db, closed.waitingTtlMs);
  for (const user of asking) expect(await places.find(user)).toBeDefined();
  await places.flushPresence();
  expect(await takeEvents(db)).toHaveLength(0);

  await pass();
  // Two instances look at once.
  await Promise.all([expireSilent(db, closed.waitingTtlMs), expireSilent(db, closed.waitingTtlMs)]);
  const fresh = placesIn(db, closed);
  const positions = await Promise.all(users.map(async (user) => (await fresh.find(user))?.position));
  expect(positions).toEqual(users.map((_, i) => (i % 3 === 0 ? i / 3 + 1 : undefined)));
  const events = await takeEvents(db);
  expect(events.map(({ type, data }) => `${type} ${data.reason}`)).toEqual(
    Array(1_000).fill('token.deleted expired'),
  );
  expect(await join(db, { userId: randomUUID(), concertId }, closed)).toMatchObject({ position: 501 });
});

test('to have asked costs a row for a thousand users, not one for each', async () => {
  const concertId = randomUUID();
  const users = await crowd(concertId, 1_000);
  await query(db, `update queue_block set seen = repeat('0', 1024)::bit(1024) where concert_id = ?`, [
    concertId,
  ]);
  const before = await query(db, 'select xmin, token_id from token order by token_id');
  const places = placesIn(db, closed);
  await Promise.all(users.map((user) => places.find(user)));
  await places.flushPresence();
  expect(await query(db, 'select xmin, token_id from token order by token_id')).toEqual(before);
  const [seen] = await query(
    db,
    'select count(*) as blocks, sum(bit_count(seen)) as seen from queue_block where concert_id = ?',
    [concertId],
  );
  expect(seen).toMatchObject({ blocks: 1, seen: '1000' });
});

test('what could not be written down is not forgotten', async () => {
  const concertId = randomUUID();
  const [user] = await crowd(concertId, 1);
  const places = placesIn(db, closed);
  await query(db, `update queue_block set seen = repeat('0', 1024)::bit(1024) where concert_id = ?`, [
    concertId,
  ]);
  await places.find(user as { userId: string; tokenHash: string });
  await query(db, 'alter table queue_block rename to elsewhere');
  await expect(places.flushPresence()).rejects.toThrow();
  await query(db, 'alter table elsewhere rename to queue_block');
  await places.flushPresence();
  const [seen] = await query(db, 'select bit_count(seen) as seen from queue_block where concert_id = ?', [
    concertId,
  ]);
  expect(seen).toEqual({ seen: 1 });
});

test('blocks that the head has left behind are forgotten', async () => {
  const concertId = randomUUID();
  await crowd(concertId, 2_100);
  await query(db, 'update queue set head_no = 2049 where concert_id = ?', [concertId]);
  await expireSilent(db, closed.waitingTtlMs);
  expect(await query(db, 'select block_no from queue_block where concert_id = ?', [concertId])).toEqual([
    { block_no: 2 },
  ]);
});
