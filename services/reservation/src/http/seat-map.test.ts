import { randomUUID } from 'node:crypto';
import { query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { bearer } from '@holdfast/shared/testing/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Catalogue, createCatalogue, insertHold } from '../testing/catalogue.ts';
import { serveSeats } from '../testing/seat-map.ts';

let catalogue: Catalogue;
let app: App;

beforeAll(async () => {
  catalogue = await createCatalogue(25);
  ({ app } = await serveSeats(catalogue.db));
});
afterAll(async () => {
  await app.close();
  await catalogue.drop();
});

const mapUrl = () => `/v1/performances/${catalogue.performanceId}/seat-map`;
const get = async (url: string, headers: Record<string, string> = {}) => {
  const response = await app.inject({ url, headers });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
};

/** Asks once what is cached has run out. */
async function freshStatus(headers: Record<string, string> = {}) {
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  return get(`${mapUrl()}/status`, headers);
}

/** Counts the statements while `work` goes on. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const note = ({ sql }: { sql: string }) => statements.push(sql);
  catalogue.db.on('query', note);
  await work();
  catalogue.db.removeListener('query', note);
  return statements;
}

/** As `GET …/seats` has them. */
const listed = async () =>
  (await get(`/v1/performances/${catalogue.performanceId}/seats?limit=1000`)).body.items;

describe('the layout', () => {
  test('has all seats by section, row and number, as they are listed one by one', async () => {
    const { db, performanceId } = catalogue;
    await query(
      db,
      `insert into concert_seat (concert_seat_id, performance_id, section, row, number, price_amount, currency)
       select gen_random_uuid(), ?, 'B', 1, i, case when i in (3, 4) then 500 else 900 end, 'KRW'
       from generate_series(5, 1, -1) as i`,
      [performanceId],
    );
    const { status, headers, body } = await get(mapUrl());
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('public, max-age=300, stale-while-revalidate=86400');
    expect(body).toMatchObject({
      performanceId,
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
      seats: 30,
    });
    expect(body.sections.map(({ name }: { name: string }) => name)).toEqual(['A', 'B']);

    type Row = { row: number; price: object; numbers: number[]; concertSeatIds: string[] };
    const seats = body.sections.flatMap(({ name, rows }: { name: string; rows: Row[] }) =>
      rows.flatMap(({ row, price, numbers, concertSeatIds }) =>
        numbers.map((number, i) => ({ section: name, row, number, price, concertSeatId: concertSeatIds[i] })),
      ),
    );
    const withoutStatus = (await listed()).map(({ status, ...seat }: { status: string }) => seat);
    expect(seats).toEqual(withoutStatus);
    // Where the price changes within a row, the row comes again.
    expect(body.sections[1].rows.map(({ numbers }: Row) => numbers)).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('is read once, however many ask at once or later', async () => {
    const fresh = await serveSeats(catalogue.db);
    const statements = await statementsOf(async () => {
      const answers = Array.from({ length: 50 }, () => fresh.app.inject({ url: mapUrl() }));
      for (const { statusCode } of await Promise.all(answers)) expect(statusCode).toBe(200);
      await fresh.app.inject({ url: mapUrl() });
    });
    expect(statements).toHaveLength(2);
    await fresh.app.close();
  });

  test('of a performance without seats is empty', async () => {
    const performanceId = randomUUID();
    await query(catalogue.db, `insert into performance values (?, ?, now())`, [
      performanceId,
      catalogue.concertId,
    ]);
    const url = `/v1/performances/${performanceId}/seat-map`;
    expect((await get(url)).body).toMatchObject({ seats: 0, sections: [] });
    expect((await get(`${url}/status`)).body).toMatchObject({ statuses: '' });
  });
});

describe('the status', () => {
  test('has a letter for each seat, as the seats are listed', async () => {
    const { db, seatIds } = catalogue;
    const [held, stale, inPayment, sold] = seatIds as [string, string, string, string];
    await insertHold(db, held, { expiresInMs: 60_000 });
    await insertHold(db, stale, { expiresInMs: -1 });
    await insertHold(db, inPayment, { expiresInMs: -1, payingSaga: randomUUID() });
    await insertHold(db, sold, { expiresInMs: -1 });
    await query(db, `update concert_seat set status = 'SOLD' where concert_seat_id = ?`, [sold]);

    const { status, headers, body } = await freshStatus();
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('public, max-age=1');
    expect(body.statuses).toBe(`HAHS${'A'.repeat(26)}`);
    const letters = (await listed()).map(({ status }: { status: string }) => status[0]);
    expect(body.statuses).toBe(letters.join(''));
    expect(body.version).toBe((await get(mapUrl())).body.version);
    expect(body).not.toHaveProperty('mine');
  });

  test('is read once in a moment, however many ask', async () => {
    const kept = await serveSeats(catalogue.db, { keptMs: 60_000 });
    await kept.app.inject({ url: mapUrl() });
    const statements = await statementsOf(async () => {
      const ask = () => kept.app.inject({ url: `${mapUrl()}/status` });
      const answers = await Promise.all(Array.from({ length: 100 }, ask));
      for (const { statusCode } of [...answers, await ask()]) expect(statusCode).toBe(200);
    });
    expect(statements).toHaveLength(1);
    await kept.app.close();
  });

  test('is not sent again while nothing has changed', async () => {
    const { headers } = await get(`${mapUrl()}/status`);
    const again = await app.inject({
      url: `${mapUrl()}/status`,
      headers: { 'if-none-match': headers.etag as string },
    });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  test('comes with a new layout where seats have been added meanwhile', async () => {
    const before = (await get(mapUrl())).body;
    await query(
      catalogue.db,
      `insert into concert_seat (concert_seat_id, performance_id, section, row, number, price_amount, currency)
       values (gen_random_uuid(), ?, 'C', 1, 1, 900, 'KRW')`,
      [catalogue.performanceId],
    );
    const { body } = await freshStatus();
    expect(body.statuses).toHaveLength(before.seats + 1);
    expect(body.version).not.toBe(before.version);
    expect((await get(mapUrl())).body).toMatchObject({ version: body.version, seats: before.seats + 1 });
  });
});

describe("a user's own seats", () => {
  const userId = randomUUID();

  test('are told at once, while others see what is a moment old', async () => {
    const { db, seatIds } = catalogue;
    const mine = await bearer(userId);
    const kept = await serveSeats(db, { keptMs: 60_000 });
    const get = async (url: string, headers: Record<string, string> = {}) => {
      const response = await kept.app.inject({ url, headers });
      return { status: response.statusCode, headers: response.headers, body: response.json() };
    };
    await get(`${mapUrl()}/status`, mine);
    await insertHold(db, seatIds[9] as string, { expiresInMs: 60_000, userId });
    const bought = await insertHold(db, seatIds[7] as string, { expiresInMs: -1, userId });
    await query(db, `update reservation set status = 'PAID' where reservation_id = ?`, [bought]);
    await query(db, `update concert_seat set status = 'SOLD' where reservation_id = ?`, [bought]);
    await insertHold(db, seatIds[11] as string, { expiresInMs: -1, userId });
    await insertHold(db, seatIds[12] as string, { expiresInMs: 60_000 });

    const { status, headers, body } = await get(`${mapUrl()}/status`, mine);
    expect(status).toBe(200);
    expect(body.mine).toEqual([7, 9]);
    expect([...body.statuses].slice(7, 13).join('')).toBe('SAHAAA');
    expect(headers['cache-control']).toBe('private, no-cache');
    expect(headers.vary).toBe('accept-encoding, authorization');
    const { body: everybody } = await get(`${mapUrl()}/status`);
    expect([...everybody.statuses].slice(7, 13).join('')).toBe('AAAAAA');
    await kept.app.close();
  });

  test('of many who ask at once are read by one statement', async () => {
    const users = await Promise.all(Array.from({ length: 20 }, () => bearer(randomUUID())));
    await freshStatus();
    const statements = await statementsOf(async () => {
      const answers = [await bearer(userId), ...users].map((user) => get(`${mapUrl()}/status`, user));
      const [own, ...others] = await Promise.all(answers);
      expect(own?.body.mine).toEqual([7, 9]);
      for (const { body } of others) expect(body.mine).toEqual([]);
    });
    expect(statements.length).toBeLessThanOrEqual(3);
  });

  test('are told to nobody with a token that is not valid', async () => {
    expect(await get(`${mapUrl()}/status`, { authorization: 'Bearer x' })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });
});

describe('bad input', () => {
  const nil = '00000000-0000-0000-0000-000000000000';
  test.each(['', '/status', '/events', '/events?after=0'])('no such performance: %s', async (path) => {
    expect(await get(`/v1/performances/${nil}/seat-map${path}`)).toMatchObject({
      status: 404,
      body: { code: 'performance-not-found' },
    });
  });
  test.each(['', '/status', '/events'])('no such id: %s', async (path) => {
    expect(await get(`/v1/performances/1/seat-map${path}`)).toMatchObject({ status: 400 });
  });
  test.each(['', 'x', '1.', '-1', '1e3', '9'.repeat(16)])('no such position: %j', async (after) => {
    const url = `${mapUrl()}/events?after=${after}`;
    expect(await get(url)).toMatchObject({ status: 400, body: { code: 'validation' } });
  });
});
