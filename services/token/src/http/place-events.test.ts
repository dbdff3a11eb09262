import { randomUUID } from 'node:crypto';
import { query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { stopServing } from '@holdfast/shared/http/stop';
import { createLogger } from '@holdfast/shared/process/logger';
import { bearer, buildTestApp } from '@holdfast/shared/testing/api';
import { eventually } from '@holdfast/shared/testing/eventually';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { admitAll } from '../admit.ts';
import { placesIn } from '../places.ts';
import { hashOf, tokenOf } from '../secret.ts';
import { createTokenDatabase, giveBack, join, policy } from '../testing/database.ts';
import { noLimits } from '../testing/limits.ts';
import { listenersTo } from './listeners.ts';
import { placeEventsRoute } from './place-events.ts';

let database: Awaited<ReturnType<typeof createTokenDatabase>>;
let db: Knex;
let app: App;
let origin: string;
const max = 6;
const maxPerUser = 2;
const log = createLogger({ service: 'test', level: 'silent' });

const start = (longestMs = 600_000): Promise<App> =>
  buildTestApp((app) => {
    // Who waits for a few seconds is told every second.
    const places = placesIn(db, { ...policy, activeTtlMs: 4_000 });
    const { waitingTtlMs } = policy;
    const settings = { max, maxPerUser, everyMs: 100, longestMs, waitingTtlMs };
    placeEventsRoute(app, { places, listeners: listenersTo(places, settings, log), limits: noLimits });
  });
const listenOn = (app: App) => app.listen({ port: 0, host: '127.0.0.1' });

beforeAll(async () => {
  database = await createTokenDatabase();
  db = database.db;
  app = await start();
  origin = await listenOn(app);
});
afterAll(async () => {
  const closed = app.close();
  // Those that a client has made in advance and never used.
  app.server.closeAllConnections();
  await closed;
  await database.drop();
});

type Visitor = { userId: string; token: string; tokenHash: string };

async function visitor(concertId: string): Promise<Visitor> {
  const userId = randomUUID();
  const { tokenId } = await join(db, { userId, concertId });
  const token = tokenOf(policy.secret, tokenId);
  return { userId, token, tokenHash: hashOf(token) };
}

async function listen({ userId, token }: Pick<Visitor, 'userId' | 'token'>, at = origin) {
  const leaving = new AbortController();
  const response = await fetch(`${at}/v1/tokens/me/events`, {
    headers: { ...(await bearer(userId)), 'queue-token': token },
    signal: leaving.signal,
  });
  let text = '';
  let ended = false;
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk);
  };
  const reading = read()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  return {
    status: response.status,
    headers: response.headers,
    events: () =>
      text
        .split('\n\n')
        .slice(0, -1)
        .flatMap((block) => {
          const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
          return event ? [{ event, data: JSON.parse(data as string) }] : [];
        }),
    text: () => text,
    hasEnded: () => ended,
    leave: async () => {
      leaving.abort();
      await reading;
    },
  };
}

const positions = (listener: Awaited<ReturnType<typeof listen>>) =>
  listener.events().map(({ data }) => data.position);

test('who listens is told of their place, of each change, and of being admitted, and then the stream ends', async () => {
  const concertId = randomUUID();
  const [first, second] = [await visitor(concertId), await visitor(concertId)];
  const third = await visitor(concertId);
  const fourth = await visitor(concertId);
  const listener = await listen(fourth);
  expect(listener.status).toBe(200);
  expect(listener.headers.get('content-type')).toBe('text/event-stream');
  await eventually('the first place', () => listener.events().length > 0);
  expect(listener.events()[0]).toEqual({
    event: 'place',
    data: {
      token: fourth.token,
      status: 'WAITING',
      position: 2,
      estimatedWaitMs: 4_000,
      expiresAt: expect.any(String),
      concertId,
    },
  });

  await giveBack(db, third);
  await eventually('the second place', () => positions(listener).includes(1));

  await giveBack(db, first);
  await admitAll(db, policy);
  await eventually('the end', listener.hasEnded);
  expect(listener.events().at(-1)).toMatchObject({ event: 'place', data: { status: 'ACTIVE', position: 0 } });
  await giveBack(db, second);
});

test('one who is admitted already is told so at once', async () => {
  const listener = await listen(await visitor(randomUUID()));
  await eventually('the end', listener.hasEnded);
  expect(listener.events()).toMatchObject([{ event: 'place', data: { status: 'ACTIVE' } }]);
});

test('whose token is given back is told that it is gone', async () => {
  const concertId = randomUUID();
  await Promise.all([visitor(concertId), visitor(concertId)]);
  const leaver = await visitor(concertId);
  const listener = await listen(leaver);
  await eventually('the place', () => listener.events().length > 0);
  await giveBack(db, leaver);
  await eventually('the end', listener.hasEnded);
  expect(listener.events().at(-1)).toEqual({ event: 'gone', data: { code: 'token-not-found' } });
});

test('what all listeners learn is looked up together, however many there are', async () => {
  const concertId = randomUUID();
  const visitors = [];
  for (let i = 0; i < policy.maxActive + max; i++) visitors.push(await visitor(concertId));
  const listeners = await Promise.all(visitors.slice(policy.maxActive).map((one) => listen(one)));
  await eventually('all places', () => listeners.every((listener) => listener.events().length > 0));
  const listenedAt = Date.now();
  const statements: string[] = [];
  const note = ({ sql }: { sql: string }) => statements.push(sql);
  db.on('query', note);
  await query(
    db,
    `update token set status = 'ACTIVE', expires_at = now() + interval '1 minute'
    where concert_id = ? and status = 'WAITING'`,
    [concertId],
  );
  await query(db, 'update queue set head_no = last_no, admitted = last_no where concert_id = ?', [concertId]);
  await eventually('all ends', () => listeners.every((listener) => listener.hasEnded()));
  db.removeListener('query', note);
  const lookUps = statements.filter((sql) => sql.includes('from token') && sql.startsWith('select'));
  // One for all, and perhaps one for those whose time to be told came in between, as every second some's does.
  expect(lookUps.length).toBeLessThanOrEqual(2 + 2 * Math.floor((Date.now() - listenedAt) / 1_000));
});

test('only so many can listen, others are asked to ask; who goes makes room', async () => {
  const concertId = randomUUID();
  await Promise.all([visitor(concertId), visitor(concertId)]);
  const waiting = [];
  for (let i = 0; i < max + 1; i++) waiting.push(await visitor(concertId));
  const listeners = await Promise.all(waiting.slice(0, max).map((one) => listen(one)));
  const last = waiting[max] as Visitor;
  const refused = await listen(last);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  await eventually('the problem', refused.hasEnded);
  expect(JSON.parse(refused.text())).toMatchObject({ code: 'overloaded' });

  await listeners[0]?.leave();
  const admitted = await eventually('room', async () => {
    const again = await listen(last);
    return again.status === 200 && again;
  });
  await Promise.all([admitted, ...listeners].map((listener) => listener.leave()));
});

test('one user takes no more than a few', async () => {
  const concertId = randomUUID();
  await Promise.all([visitor(concertId), visitor(concertId)]);
  const one = await visitor(concertId);
  await eventually('room', async () => {
    const listeners = [await listen(one), await listen(one), await listen(one)];
    await Promise.all(listeners.map((listener) => listener.leave()));
    return listeners.map(({ status }) => status).join() === '200,200,429';
  });
});

test('a server that stops ends its streams, and does not wait for those who listen', async () => {
  const concertId = randomUUID();
  await Promise.all([visitor(concertId), visitor(concertId)]);
  const stopping = await start();
  const listener = await listen(await visitor(concertId), await listenOn(stopping));
  await eventually('the place', () => listener.events().length > 0);
  await stopServing(stopping, 0);
  await eventually('the end', listener.hasEnded);
});

test('a stream ends after some time, so that its access token is looked at again', async () => {
  const concertId = randomUUID();
  await Promise.all([visitor(concertId), visitor(concertId)]);
  const brief = await start(300);
  const listener = await listen(await visitor(concertId), await listenOn(brief));
  await eventually('the end', listener.hasEnded);
  expect(listener.events()).toMatchObject([{ event: 'place', data: { status: 'WAITING' } }]);
  await brief.close();
});

test.each([
  ["another user's", (of: Visitor) => ({ ...of, userId: randomUUID() }), 404],
  ['a forged', (of: Visitor) => ({ ...of, token: 'A'.repeat(43) }), 404],
  ['no proper', (of: Visitor) => ({ ...of, token: 'short' }), 400],
])('%s token is not told of', async (_, change, status) => {
  const listener = await listen(change(await visitor(randomUUID())));
  expect(listener.status).toBe(status);
});
