import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signToken } from '@holdfast/shared/http/auth';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Answer, call, newUser, seatSource, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** The waiting queue of the whole system: two instances of the token service behind the gateway. */

let system: TestSystem;
let concertId: string;
let concertSeatId: string;
const JWT_SECRET = 'a secret for tests, of 32 characters and more';

beforeAll(async () => {
  system = await startTestSystem('queue', { instances: { token: 2 }, env: { JWT_SECRET } });
  ({ concertId, concertSeatId } = (await seatSource(system.url))());
});
afterAll(() => system.stop());

async function setPolicy(maxActive: number, maxPerSecond: number): Promise<void> {
  const accessToken = await signToken(JWT_SECRET, {
    userId: randomUUID(),
    roles: ['operator'],
    expiresInS: 60,
  });
  const answer = await call(system.url, 'PUT', `/v1/queues/${concertId}/policy`, {
    accessToken,
    body: { maxActive, maxPerSecond },
  });
  expect(answer).toMatchObject({ status: 200, body: { maxActive, maxPerSecond } });
}

type Waiting = { user: User; queueToken: string };

async function join(user: User): Promise<Waiting> {
  const { status, body } = await user.call('POST', '/v1/tokens', { body: { concertId } });
  expect([status, body.status]).toEqual([201, 'WAITING']);
  return { user, queueToken: body.token };
}

const ask = ({ user, queueToken }: Waiting): Promise<Answer> =>
  user.call('GET', '/v1/tokens/me', { queueToken });

/** Follows a place through the gateway. */
async function follow({ user, queueToken }: Waiting) {
  const { status, headers, body } = await fetch(`${system.url}/v1/tokens/me/events`, {
    headers: { authorization: `Bearer ${user.accessToken}`, 'queue-token': queueToken },
  });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const seen: string[] = [];
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of body ?? []) seen.push(decoder.decode(chunk));
  })();
  return { text: () => seen.join(''), ended };
}

test('a queue survives a Redis that forgets and instances that die, and then lets people in as it is told to', async () => {
  await setPolicy(0, 0);
  const users = await Promise.all(Array.from({ length: 12 }, () => newUser(system.url, 0)));
  const waiting: Waiting[] = [];
  for (const user of users) waiting.push(await join(user));
  const positions = async () => {
    // Users who asked as often as a test can would be turned away.
    await sleep(400);
    const answers = await Promise.all(waiting.map(ask));
    for (const { body, headers } of answers)
      if (body.status === 'WAITING') expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    return answers.map(({ body }) => body.position);
  };
  const inOrder = waiting.map((_, i) => i + 1);
  await eventually(async () => expect(await positions()).toEqual(inOrder));

  const redis = new Redis(process.env.REDIS_URL as string);
  const counted = await redis.keys('queue-*rate:token:*');
  expect(counted.length).toBeGreaterThan(0);
  await redis.del(counted);
  redis.disconnect();
  expect(await positions()).toEqual(inOrder);

  for (const { pid } of system.services.token) process.kill(pid as number, 'SIGKILL');
  await eventually(async () => expect(await positions()).toEqual(inOrder), 30_000);

  const listener = await follow(waiting[2] as Waiting);
  await setPolicy(3, 2);
  await listener.ended;
  expect(listener.text()).toContain('"status":"ACTIVE"');
  await eventually(async () => expect(await positions()).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));

  const [first] = waiting as [Waiting];
  const { queueToken } = first;
  expect((await first.user.reserve(concertSeatId, { queueToken })).status).toBe(201);
  const again = await first.user.reserve(concertSeatId, { queueToken });
  expect(again).toMatchObject({ status: 403, body: { code: 'token-not-active' } });
  await eventually(async () =>
    expect((await positions()).slice(1)).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
  );
});

test('who asks too often is turned away, and told when to come back', async () => {
  const user = await newUser(system.url, 0);
  // Again, should the service have stood still meanwhile: whom it can't count, it lets in.
  const refused = await eventually(async () => {
    const asks = Array.from({ length: 80 }, () =>
      user.call('GET', '/v1/tokens/me', { queueToken: 'A'.repeat(43) }),
    );
    const refused = (await Promise.all(asks)).filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    return refused;
  });
  expect(refused[0]?.body).toMatchObject({ code: 'too-many-requests' });
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused[0]?.headers.get('ratelimit-remaining')).toBe('0');
});
