import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { stopServing } from '@holdfast/shared/http/stop';
import { eventually } from '@holdfast/shared/testing/eventually';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Live } from '../seat-map/live.ts';
import { type Catalogue, createCatalogue, insertHold } from '../testing/catalogue.ts';
import { followSeatMap } from '../testing/follow-seat-map.ts';
import { eventOf, serveSeats } from '../testing/seat-map.ts';

let catalogue: Catalogue;
let app: App;
let live: Live;
let origin: string;
/** Of the next event. */
let offset: number;

beforeAll(async () => {
  catalogue = await createCatalogue(200);
});
afterAll(() => catalogue.drop());
afterEach(async () => {
  await stopServing(app, 0);
  await query(catalogue.db, `update concert_seat set status = 'AVAILABLE', reservation_id = null`);
  await query(catalogue.db, 'truncate reservation cascade');
});

async function serve(settings: Parameters<typeof serveSeats>[1] = {}): Promise<void> {
  ({ app, live } = await serveSeats(catalogue.db, settings));
  origin = await app.listen({ port: 0, host: '127.0.0.1' });
  offset = 1;
}

const seat = (index: number): string => catalogue.seatIds[index] as string;
const hold = (index: number) => insertHold(catalogue.db, seat(index), { expiresInMs: 60_000 });
const free = async (index: number): Promise<void> => {
  await query(
    catalogue.db,
    `with freed as (
       update concert_seat set status = 'AVAILABLE', reservation_id = null where concert_seat_id = ?
       returning concert_seat_id
     )
     update reservation set status = 'CANCELLED' from reservation_seat join freed using (concert_seat_id)
     where reservation_seat.reservation_id = reservation.reservation_id`,
    [seat(index)],
  );
};
const happens = (...indexes: number[]) => live.take(indexes.map((index) => eventOf(offset++, [seat(index)])));

const mapUrl = () => `${origin}/v1/performances/${catalogue.performanceId}/seat-map`;

const listen = (options?: { after?: string; lastEventId?: string }) => followSeatMap(mapUrl(), options);

test('who follows is told of each change, by index, together with others of the moment', async () => {
  await serve();
  const listener = await listen();
  expect(listener.status).toBe(200);
  expect(listener.contentType).toBe('text/event-stream');
  await eventually('the beginning', () => listener.events().length > 0);
  expect(listener.text()).toMatch(/^retry: \d+\n\n/);
  expect(listener.events()[0]).toMatchObject({
    id: '1',
    event: 'seats',
    data: { position: '1', changes: [] },
  });

  await hold(3);
  await hold(4);
  happens(3, 4);
  await eventually('the holds', () => listener.statuses().size === 2);
  expect(listener.events()).toHaveLength(2);
  const { version } = (await (await fetch(mapUrl())).json()) as { version: string };
  expect(listener.events()[1]).toEqual({
    id: '3',
    event: 'seats',
    data: {
      version,
      position: '3',
      changes: [
        [3, 'H'],
        [4, 'H'],
      ],
    },
  });

  await query(catalogue.db, `update concert_seat set status = 'SOLD' where concert_seat_id = ?`, [seat(3)]);
  await free(4);
  happens(3, 4);
  await eventually(
    'the next',
    () => listener.statuses().get(3) === 'S' && listener.statuses().get(4) === 'A',
  );
});

test('seats are told as they are, in whichever order the events of their reservations come', async () => {
  await serve();
  const listener = await listen();
  await hold(5);
  await free(5);
  await hold(5);
  // Three events, of which the one that came first says least of how the seat is now.
  happens(5);
  await eventually('the hold', () => listener.statuses().get(5) === 'H');
  happens(5, 5);
  await eventually('all of them', () => listener.events().at(-1)?.id === '4');
  expect(listener.statuses().get(5)).toBe('H');
});

test('what changes elsewhere is told to nobody here', async () => {
  await serve();
  const listener = await listen();
  await eventually('the beginning', () => listener.events().length > 0);
  live.take([eventOf(offset++, [randomUUID()])]);
  await hold(0);
  happens(0);
  await eventually('the hold', () => listener.statuses().has(0));
  expect(listener.events().map(({ data }) => data.changes)).toEqual([[], [[0, 'H']]]);
});

test('who comes again is told first what has changed meanwhile', async () => {
  await serve();
  const { position } = (await (await fetch(`${mapUrl()}/status`)).json()) as { position: string };
  await hold(7);
  happens(7);
  const listener = await listen({ after: position });
  await eventually('what was missed', () => listener.statuses().get(7) === 'H');
  expect(listener.events()[0]?.data.changes).toHaveLength(1);

  const id = listener.events().at(-1)?.id as string;
  await listener.leave();
  await hold(8);
  happens(8);
  const again = await listen({ lastEventId: id, after: position });
  await eventually('what was missed', () => again.statuses().get(8) === 'H');
  expect(again.events().every(({ event }) => event === 'seats')).toBe(true);
});

test('nothing is missed between the status and the first event, however busy it is', async () => {
  await serve({ maxEvents: 10_000, maxChanges: 10_000 });
  const held = new Set<number>();
  let busy = true;
  const buyers = (async () => {
    for (let i = 0; busy; i = (i + 1) % 150) {
      if (held.has(i)) await free(i);
      else await hold(i);
      if (!held.delete(i)) held.add(i);
      happens(i);
    }
  })();
  const seen = [];
  for (let i = 0; i < 15; i++) {
    const { position, statuses } = (await (await fetch(`${mapUrl()}/status`)).json()) as {
      position: string;
      statuses: string;
    };
    await sleep(100 * (i % 3));
    seen.push({ statuses, listener: await listen({ after: position }) });
  }
  busy = false;
  await buyers;
  const truth = catalogue.seatIds.map((_, i) => (held.has(i) ? 'H' : 'A')).join('');
  for (const { statuses, listener } of seen) {
    const told = () => [...statuses].map((status, i) => listener.statuses().get(i) ?? status).join('');
    await eventually('the same as in the database', () => told() === truth);
  }
});

test('of too long ago, nobody knows what has changed: all has to be loaded anew, and the stream ends', async () => {
  await serve({ maxEvents: 3 });
  happens(0, 1, 2, 3);
  const listener = await listen({ after: '1' });
  await eventually('the end', listener.hasEnded);
  expect(listener.events()).toEqual([
    { id: undefined, event: 'reset', data: { version: expect.any(String) } },
  ]);
  const { position } = (await (await fetch(`${mapUrl()}/status`)).json()) as { position: string };
  const again = await listen({ after: position });
  await eventually('the beginning', () => again.events().length > 0);
  expect(again.events()[0]?.event).toBe('seats');
});

test('a position that another instance has told is waited for', async () => {
  await serve();
  await hold(9);
  const early = listen({ after: '2' });
  await sleep(50);
  happens(9);
  const listener = await early;
  await eventually('the beginning', () => listener.events().length > 0);
  expect(listener.events()[0]).toMatchObject({ event: 'seats', data: { changes: [] } });

  const never = await listen({ after: '999' });
  await eventually('the end', never.hasEnded);
  expect(never.events()).toMatchObject([{ event: 'reset' }]);
});

test('when events were missed, everybody is told to load the status anew', async () => {
  await serve();
  const listener = await listen();
  await eventually('the beginning', () => listener.events().length > 0);
  live.begin([100]);
  await eventually('the end', listener.hasEnded);
  expect(listener.events().at(-1)).toMatchObject({ event: 'reset' });
  const again = await listen({ lastEventId: '1' });
  await eventually('the end', again.hasEnded);
  expect(again.events()).toMatchObject([{ event: 'reset' }]);
});

test('more changes at once than are told one by one are a reset', async () => {
  await serve({ maxChanges: 20, maxEvents: 1_000 });
  const listener = await listen();
  await eventually('the beginning', () => listener.events().length > 0);
  happens(...Array.from({ length: 21 }, (_, i) => i));
  await eventually('the end', listener.hasEnded);
  expect(listener.events().at(-1)).toMatchObject({ event: 'reset' });
});

test('while the database does not answer, changes wait, and are told afterwards', async () => {
  let away = false;
  const { db } = catalogue;
  const failing = new Proxy(db, {
    get: (target, name) => {
      if (away && name === 'raw') throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      return Reflect.get(target, name);
    },
  });
  ({ app, live } = await serveSeats(failing));
  origin = await app.listen({ port: 0, host: '127.0.0.1' });
  offset = 1;
  const listener = await listen();
  await eventually('the beginning', () => listener.events().length > 0);
  away = true;
  await hold(11);
  happens(11);
  await sleep(200);
  expect(listener.events()).toHaveLength(1);
  away = false;
  await eventually('the hold', () => listener.statuses().get(11) === 'H');
});
