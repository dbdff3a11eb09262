import { randomUUID } from 'node:crypto';
import { query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { bearer } from '@holdfast/shared/testing/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Catalogue, createCatalogue, insertHold, statusOf } from '../testing/catalogue.ts';
import { serveSeats } from '../testing/seat-map.ts';

let catalogue: Catalogue;
let app: App;
const userId = randomUUID();
let authorization: { authorization: string };

beforeAll(async () => {
  catalogue = await createCatalogue(25);
  ({ app } = await serveSeats(catalogue.db));
  authorization = await bearer(userId);
});
afterAll(async () => {
  await app.close();
  await catalogue.drop();
});

const get = async (url: string, headers: Record<string, string> = {}) => {
  const response = await app.inject({ url, headers });
  return { status: response.statusCode, body: response.json() };
};

/** All items of a list, page by page. */
async function all(url: string, limit: number): Promise<{ pages: number; items: Record<string, unknown>[] }> {
  const items = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const { status, body } = await get(`${url}?limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`);
    expect(status).toBe(200);
    items.push(...body.items);
    cursor = body.nextCursor;
    pages++;
  } while (cursor !== undefined);
  return { pages, items };
}

const seatsUrl = () => `/v1/performances/${catalogue.performanceId}/seats`;

describe('the catalogue', () => {
  test('lists concerts by title, page by page, also where titles are alike', async () => {
    await query(
      catalogue.db,
      `insert into concert select gen_random_uuid(), 'B concert ' || i / 4, 'A hall' from generate_series(0, 8) i`,
    );
    const { pages, items } = await all('/v1/concerts', 3);
    expect(pages).toBe(4);
    expect(new Set(items.map(({ concertId }) => concertId)).size).toBe(10);
    expect(items[0]).toEqual({ concertId: catalogue.concertId, title: 'A concert', venue: 'A hall' });
    const titles = items.map(({ title }) => title);
    expect(titles).toEqual(titles.toSorted());
  });

  test('shows one concert', async () => {
    const { concertId } = catalogue;
    expect(await get(`/v1/concerts/${concertId}`)).toEqual({
      status: 200,
      body: { concertId, title: 'A concert', venue: 'A hall' },
    });
  });

  test("lists a concert's performances by when they start", async () => {
    await query(
      catalogue.db,
      `insert into performance
       select gen_random_uuid(), ?, timestamptz '2029-01-01T00:00:00.123Z' + i / 2 * interval '1 day'
       from generate_series(0, 5) i`,
      [catalogue.concertId],
    );
    const { pages, items } = await all(`/v1/concerts/${catalogue.concertId}/performances`, 2);
    expect(pages).toBe(4);
    expect(items.map(({ startsAt }) => startsAt)).toEqual([
      ...Array(2).fill('2029-01-01T00:00:00.123Z'),
      ...Array(2).fill('2029-01-02T00:00:00.123Z'),
      ...Array(2).fill('2029-01-03T00:00:00.123Z'),
      '2030-01-01T19:00:00.000Z',
    ]);
    expect(new Set(items.map(({ performanceId }) => performanceId)).size).toBe(7);
  });

  test("lists a performance's seats by section, row and number", async () => {
    const { pages, items } = await all(seatsUrl(), 7);
    expect(pages).toBe(4);
    expect(items.map(({ concertSeatId }) => concertSeatId)).toEqual(catalogue.seatIds);
    expect(items[10]).toEqual({
      concertSeatId: catalogue.seatIds[10],
      section: 'A',
      row: 2,
      number: 1,
      price: { amount: 1000, currency: 'KRW' },
      status: 'AVAILABLE',
    });
  });

  test('has no cursor on a last page that is full', async () => {
    const { body } = await get(`${seatsUrl()}?limit=25`);
    expect(body.items).toHaveLength(25);
    expect(body).not.toHaveProperty('nextCursor');
  });

  test('shows a seat as held until its hold has run out, and longer while it is being paid', async () => {
    const { db, seatIds } = catalogue;
    const [live, stale, inPayment] = seatIds as [string, string, string];
    await insertHold(db, live, { expiresInMs: 60_000 });
    await insertHold(db, stale, { expiresInMs: -1 });
    await insertHold(db, inPayment, { expiresInMs: -1, payingSaga: randomUUID() });
    const { body } = await get(`${seatsUrl()}?limit=3`);
    expect(body.items.map(({ status }: { status: string }) => status)).toEqual(['HELD', 'AVAILABLE', 'HELD']);
  });
});

describe('a reservation', () => {
  test.each<[string, { expiresInMs: number; payingSaga?: string }]>([
    ['TEMPORARY_HOLD', { expiresInMs: 60_000 }],
    ['EXPIRED', { expiresInMs: -1 }],
    ['TEMPORARY_HOLD', { expiresInMs: -1, payingSaga: randomUUID() }],
  ])('is shown to its owner as %s for %j', async (status, hold) => {
    const { db, concertId, performanceId, seatIds } = catalogue;
    const concertSeatIds = seatIds.slice(-2).toSorted();
    const reservationId = await insertHold(db, concertSeatIds, { ...hold, userId });
    expect(await get(`/v1/reservations/${reservationId}`, authorization)).toEqual({
      status: 200,
      body: {
        reservationId,
        concertSeatIds,
        concertId,
        performanceId,
        status,
        holdExpiresAt: expect.any(String),
        price: { amount: 2000, currency: 'KRW' },
      },
    });
    await query(db, `update reservation set status = 'CANCELLED' where reservation_id = ?`, [reservationId]);
  });

  test('does not exist for another user', async () => {
    const reservationId = await insertHold(catalogue.db, catalogue.seatIds[5] as string, {
      expiresInMs: 60_000,
    });
    expect(await get(`/v1/reservations/${reservationId}`, authorization)).toMatchObject({
      status: 404,
      body: { code: 'reservation-not-found' },
    });
  });

  test('is cancelled by its owner, as often as they like, and by nobody else', async () => {
    const { db, seatIds } = catalogue;
    const seats = seatIds.slice(6, 8).toSorted();
    const reservationId = await insertHold(db, seats, { expiresInMs: 60_000, userId });
    const url = `/v1/reservations/${reservationId}`;
    const remove = async (headers = authorization) => {
      const response = await app.inject({ method: 'DELETE', url, headers });
      return { status: response.statusCode, code: response.body && response.json().code };
    };
    expect(await remove(await bearer(randomUUID()))).toEqual({ status: 404, code: 'reservation-not-found' });
    expect(await remove()).toEqual({ status: 204, code: '' });
    expect(await remove()).toEqual({ status: 204, code: '' });
    expect(await get(url, authorization)).toMatchObject({ body: { status: 'CANCELLED' } });
    for (const seat of seats)
      expect(await statusOf(db, seat)).toEqual({ seat: 'AVAILABLE', reservation: null });
    const told = await query<{ event: { data: object } }>(db, 'delete from outbox returning event');
    expect(told.map(({ event }) => event.data)).toMatchObject([
      { concertSeatIds: seats, reason: 'cancelled' },
    ]);
  });

  test('is shown to nobody without an access token', async () => {
    expect(await get(`/v1/reservations/${randomUUID()}`)).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });
});

describe('bad input', () => {
  const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
  const nil = '00000000-0000-0000-0000-000000000000';

  test.each([
    '/v1/concerts?limit=0',
    '/v1/concerts?limit=501',
    '/v1/concerts?limit=ten',
    '/v1/concerts?cursor=%00',
    '/v1/concerts?cursor=nonsense',
    `/v1/concerts?cursor=${cursor(['a title', 'not an id'])}`,
    `/v1/concerts?cursor=${cursor(['\u0000', nil])}`,
    `/v1/concerts?cursor=${cursor([1, 2, 3])}`,
    `/v1/concerts?cursor=${'x'.repeat(600)}`,
    '/v1/concerts/1',
    `/v1/concerts/urn:uuid:${nil}`,
    '/v1/concerts/1/performances',
    `/v1/concerts/${nil}/performances?cursor=${cursor([9e15, nil])}`,
    '/v1/performances/1/seats',
    `/v1/performances/${nil}/seats?limit=1001`,
    `/v1/performances/${nil}/seats?cursor=${cursor(['A', 1e10, 1])}`,
    '/v1/reservations/1',
  ])('%s is refused', async (url) => {
    const { status, body } = await get(url, authorization);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'validation' });
  });

  test.each([
    [`/v1/concerts/${nil}`, 'concert-not-found'],
    [`/v1/concerts/${nil}/performances`, 'concert-not-found'],
    [`/v1/performances/${nil}/seats`, 'performance-not-found'],
    [`/v1/reservations/${nil}`, 'reservation-not-found'],
  ])('%s is not there', async (url, code) => {
    expect(await get(url, authorization)).toMatchObject({ status: 404, body: { code } });
  });
});
