import { randomUUID } from 'node:crypto';
import { inTransaction, query } from '@holdfast/shared/database/query';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { type Ask, issue } from './issue.ts';
import { hashOf, tokenOf } from './secret.ts';
import { createTokenDatabase, policy, takeEvents, updateTokens } from './testing/database.ts';

let database: Awaited<ReturnType<typeof createTokenDatabase>>;
let db: Knex;
beforeAll(async () => {
  database = await createTokenDatabase();
  db = database.db;
});
afterAll(() => database.drop());

const ask = (what: Ask) => inTransaction(db, (tx) => issue(tx, what, policy, 'trace'));

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

  test('lets a waiting token last while its owner asks', async () => {
    const concertId = randomUUID();
    for (let i = 0; i < policy.maxActive; i++) await ask({ userId: randomUUID(), concertId });
    const what = { userId: randomUUID(), concertId };
    await ask(what);
    await updateTokens(db, what.userId, `expires_at = now() + interval '1 second'`);
    const { status, expiresAt } = await ask(what);
    expect(status).toBe('WAITING');
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + policy.waitingTtlMs - 10_000);
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
