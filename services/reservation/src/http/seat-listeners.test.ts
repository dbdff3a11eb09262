import { randomUUID } from 'node:crypto';
import { query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { stopServing } from '@holdfast/shared/http/stop';
import { eventually } from '@holdfast/shared/testing/eventually';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Catalogue, createCatalogue } from '../testing/catalogue.ts';
import { followSeatMap } from '../testing/follow-seat-map.ts';
import { serveSeats } from '../testing/seat-map.ts';

let catalogue: Catalogue;
let app: App;
let origin: string;

beforeAll(async () => {
  catalogue = await createCatalogue(1);
});
afterAll(() => catalogue.drop());
afterEach(() => stopServing(app, 0));

async function serve(settings: Parameters<typeof serveSeats>[1] = {}): Promise<void> {
  ({ app } = await serveSeats(catalogue.db, settings));
  origin = await app.listen({ port: 0, host: '127.0.0.1' });
}

const listen = (performanceId = catalogue.performanceId) =>
  followSeatMap(`${origin}/v1/performances/${performanceId}/seat-map`);

test('only so many can follow, others are asked to ask; who goes makes room', async () => {
  await serve({ max: 2 });
  const [first, second] = [await listen(), await listen()];
  const refused = await listen();
  expect([refused.status, refused.retryAfter]).toEqual([503, '5']);
  await first.leave();
  await eventually('room', async () => {
    const again = await listen();
    await again.leave();
    return again.status === 200;
  });
  await second.leave();
});

test('one address takes no more than its share', async () => {
  await serve({ maxPerAddress: 1 });
  const listener = await listen();
  expect((await listen()).status).toBe(429);
  await listener.leave();
  await eventually('room', async () => {
    const again = await listen();
    await again.leave();
    return again.status === 200;
  });
});

test('of more performances than are followed at once, the status has to be asked for', async () => {
  await serve({ maxPerformances: 1 });
  const performanceId = randomUUID();
  await query(catalogue.db, 'insert into performance values (?, ?, now())', [
    performanceId,
    catalogue.concertId,
  ]);
  const first = await listen();
  const other = await listen(performanceId);
  await eventually('the end', other.hasEnded);
  expect(other.events()).toMatchObject([{ event: 'reset' }]);
  await first.leave();
  const again = await eventually('room', async () => {
    const again = await listen(performanceId);
    await eventually('something', () => again.events().length > 0);
    return again.events()[0]?.event === 'seats' && again;
  });
  await again.leave();
});

test('a stream ends after some time, so that listeners come back to an instance that was away', async () => {
  await serve({ longestMs: 2_000 });
  const listener = await listen();
  await eventually('the end', listener.hasEnded);
  expect(listener.events()).toHaveLength(1);
});

test('a server that stops ends its streams, and does not wait for those who follow', async () => {
  await serve();
  const listener = await listen();
  await eventually('the beginning', () => listener.events().length > 0);
  const at = Date.now();
  await stopServing(app, 0);
  await eventually('the end', listener.hasEnded);
  expect(Date.now() - at).toBeLessThan(4_000);
});
