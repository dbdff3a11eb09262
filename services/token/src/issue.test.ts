import { randomUUID } from 'node:crypto';
import { query } from '@holdfast/shared/database/query';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { placesIn } from './places.ts';
import { hashOf, tokenOf } from './secret.ts';
import { createTokenDatabase, join, policy, takeEvents, updateTokens } from './testing/database.ts';

let database: Awaited<ReturnType<typeof createTokenDatabase>>;
let db: Knex;
beforeAll(async () => {
  database = await createTokenDatabase();
  db = database.db;
});
afterAll(() => database.drop());

const ask = (what: Parameters<typeof join>[1]) => join(db, what);

describe('issue', () => {
  test('gives the same token again, also to many requests at once', async () => {
    const what = { userId: randomUUID(), concertId: randomUUID() };
    const places = await Promise.all(Array.from({ length: 20 }, () => ask(what)));
    expect(new Set(places.map(({ tokenId }) => tokenId)).size).toBe(1);
    const [place] = places;
    expect(await ask(what)).toEqual(place);
  });

  test('gives a token for paying that is active at once, and says so', async () => {
    const what = { userId: randomUUID(), reservationId: randomUUID() };
    await takeEvents(db);
    const place = await ask(what);
    expect(place).toMatchObject({
      status: 'ACTIVE',
      position: 0,
      concertId: null,
      ...{ reservationId: what.reservationId },
    });
    expect(await takeEvents(db)).toMatchObject([{ type: 'token.activated', data: what }]);
  });

  test('gives a user one token for a concert and one for each reservation', async () => {
    const userId = randomUUID();
    const places = await Promise.all([
      ask({ userId, concertId: randomUUID() }),
      ask({ userId, reservationId: randomUUID() }),
      ask({ userId, reservationId: randomUUID() }),
    ]);
    expect(new Set(places.map(({ tokenId }) => tokenId)).size).toBe(3);
  });

  test('replaces a token that has expired, and says so', async () => {
    const what = { userId: randomUUID(), reservationId: randomUUID() };
    const first = await ask(what);
    await updateTokens(db, what.userId, `expires_at = now()`);
    await takeEvents(db);
    const [second, third] = await Promise.all([ask(what), ask(what)]);
    expect(second.tokenId).not.toBe(first.tokenId);
    expect(third).toEqual(second);
    const events = await takeEvents(db);
    expect(events.map(({ type, data }) => [type, data.tokenId])).toEqual([
      ['token.deleted', first.tokenId],
      ['token.activated', second.tokenId],
    ]);
  });

  test('gives a token again that a saga is using, even past its time', async () => {
    const what = { userId: randomUUID(), reservationId: randomUUID() };
    const { tokenId } = await ask(what);
    await updateTokens(db, what.userId, `expires_at = now(), claimed_by = gen_random_uuid()`);
    expect((await ask(what)).tokenId).toBe(tokenId);
  });

  test('gives many users their tokens in one transaction, in the order in which they asked', async () => {
    const concertId = randomUUID();
    const places = placesIn(db, policy);
    const users = Array.from({ length: 50 }, () => randomUUID());
    const given = await Promise.all(
      [...users, ...users].map((userId) => places.join({ userId, concertId, traceparent: 'trace' })),
    );
    const { maxActive } = policy;
    expect(given.map(({ position }) => position)).toEqual(
      [...users, ...users].map((_, i) => Math.max(0, (i % users.length) + 1 - maxActive)),
    );
    const [row] = await query(
      db,
      'select count(distinct xmin::text) as transactions from token where concert_id = ?',
      [concertId],
    );
    expect(row).toEqual({ transactions: 1 });
  });

  test('takes no place in line for one who asks again', async () => {
    const concertId = randomUUID();
    const userId = randomUUID();
    for (let i = 0; i < policy.maxActive; i++) await ask({ userId: randomUUID(), concertId });
    const waiting = await ask({ userId, concertId });
    expect(waiting).toMatchObject({ status: 'WAITING', position: 1 });
    expect(await ask({ userId, concertId })).toMatchObject({ tokenId: waiting.tokenId, position: 1 });
    expect(await ask({ userId: randomUUID(), concertId })).toMatchObject({ position: 2 });
    const [line] = await query(db, 'select last_no from queue where concert_id = ?', [concertId]);
    expect(line).toEqual({ last_no: policy.maxActive + 2 });
  });

  test('stores no token, only its hash', async () => {
    const { tokenId } = await ask({ userId: randomUUID(), concertId: randomUUID() });
    const token = tokenOf(policy.secret, tokenId);
    const [row] = await query<{ token_hash: string }>(db, 'select * from token where token_id = ?', [
      tokenId,
    ]);
    expect(row?.token_hash).toBe(hashOf(token));
    expect(JSON.stringify(row)).not.toContain(token);
  });
});
