import { rmSync } from 'node:fs';
import { cacheDirectory, temporaryDataDirectory } from '@holdfast/launcher/data-dir';
import { type Infrastructure, startInfrastructure } from '@holdfast/launcher/infrastructure/start';
import { silent } from '@holdfast/launcher/terminal/report';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** Seats are locked on three Redis servers that know nothing of each other: two of them are enough, one is not. */

const dataDirs = [1, 2, 3].map(temporaryDataDirectory);
const { KAFKA_BROKERS, POSTGRES_URL } = process.env;
let nodes: Infrastructure[];
let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  const start = (dataDir: string) =>
    startInfrastructure({
      dataDir,
      cacheDir: cacheDirectory(process.env),
      report: silent,
      ports: 'free',
      containers: 'never',
      env: { KAFKA_BROKERS, POSTGRES_URL },
      signal: new AbortController().signal,
    });
  // One after the other: the first fetches what is not there yet.
  nodes = [];
  for (const dataDir of dataDirs) nodes.push(await start(dataDir));
  const urls = nodes.map(({ redisUrl }) => redisUrl);
  system = await startTestSystem('lock-nodes', { env: { LOCK_REDIS_URLS: urls.join(',') } });
  nextSeat = await system.seatSource();
});
afterAll(async () => {
  await system?.stop();
  await Promise.all((nodes ?? []).map((node) => node.stop()));
  for (const dataDir of dataDirs) rmSync(dataDir, { recursive: true, force: true });
});

/** Two want one seat: the first's saga is held up, so that the other meets its lock. */
async function rivals(): Promise<{ seat: Seat; statuses: [number, number] }> {
  const seat = nextSeat();
  const [first, second] = [await newUser(system.url, 0), await newUser(system.url, 0)];
  const asking = async (user: typeof first) => ({
    queueToken: await user.queue({ concertId: seat.concertId }),
  });
  const [one, other] = [await asking(first), await asking(second)];
  const slow = { fault: 'reservation.hold=timeout', prefer: 'respond-async' };
  const { status } = await first.reserve(seat.concertSeatId, { ...one, ...slow });
  return { seat, statuses: [status, (await second.reserve(seat.concertSeatId, other)).status] };
}

async function holders(seat: Seat): Promise<(string | null)[]> {
  return Promise.all(
    nodes.map(async ({ redisUrl }) => {
      const redis = new Redis(redisUrl);
      try {
        return await redis.get(`${system.topicPrefix}lock:seat:${seat.concertSeatId}`);
      } finally {
        redis.disconnect();
      }
    }),
  );
}

test('each of the three has the lock, and none of them afterwards', async () => {
  const { seat, statuses } = await rivals();
  expect(statuses).toEqual([202, 409]);
  const held = await holders(seat);
  expect(held).toEqual([expect.any(String), held[0], held[0]]);
  await eventually(async () => expect(await holders(seat)).toEqual([null, null, null]));
});

test('without one of them all goes on', async () => {
  await nodes[0]?.stop();
  expect((await rivals()).statuses).toEqual([202, 409]);
});

test('without two of them nobody is told that a seat is taken: it cannot be known', async () => {
  await nodes[1]?.stop();
  const seat = nextSeat();
  const user = await newUser(system.url, 0);
  const queueToken = await user.queue({ concertId: seat.concertId });
  expect((await user.reserve(seat.concertSeatId, { queueToken })).status).toBe(503);
});
