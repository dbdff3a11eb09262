import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CallOptions, call, hold, newUser, type Seat, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** The edge: bad input on every endpoint, other people's things, holds that run out. */

let system: TestSystem;
let nextSeat: () => Seat;
let user: User;

beforeAll(async () => {
  system = await startTestSystem('edge', {
    // A step waits for 14 s in all, longer than a hold lasts; and that is long enough for what is done with it.
    env: { HOLD_TTL_MS: '6000', EXPIRE_EVERY_MS: '200', SAGA_STEP_TIMEOUT_MS: '2000' },
  });
  nextSeat = await system.seatSource();
  user = await newUser(system.url);
});
afterAll(() => system.stop());

const id = randomUUID();
const key = 'key';
const queueToken = 'not-a-token';
const bodies: unknown[] = [undefined, '', 'nonsense', '{', '[]', 'null', '{"extra":1}', '"text"'];

/** Every endpoint that takes a body, with headers that are in order. */
const posts: [string, CallOptions][] = [
  ['/v1/dev/users', {}],
  ['/v1/tokens', {}],
  ['/v1/reservations', { queueToken }],
  ['/v1/payments', { queueToken, key }],
  ['/v1/balance/charges', { key }],
];

const badRequests: [string, string, CallOptions, number][] = [
  ...posts.flatMap(([path, options]) =>
    bodies.map((body): [string, string, CallOptions, number] => ['POST', path, { ...options, body }, 400]),
  ),
  ['POST', '/v1/dev/users', { body: { name: '' } }, 400],
  ['POST', '/v1/dev/users', { body: { name: 'x'.repeat(101) } }, 400],
  ['POST', '/v1/dev/users', { body: { name: 7 } }, 400],
  ['POST', '/v1/tokens', { body: { concertId: 'x' } }, 400],
  ['POST', '/v1/tokens', { body: { concertId: id, reservationId: id } }, 400],
  ['POST', '/v1/tokens', { body: { concertId: id } }, 404],
  ['POST', '/v1/tokens', { body: { reservationId: id } }, 404],
  ['GET', '/v1/tokens/me', {}, 400],
  ['GET', '/v1/tokens/me', { queueToken: 'A'.repeat(43) }, 404],
  ['DELETE', '/v1/tokens/me', { queueToken: 'A'.repeat(43) }, 404],
  ['GET', '/v1/tokens/me/events', {}, 400],
  ['GET', '/v1/tokens/me/events', { queueToken: 'A'.repeat(43) }, 404],
  ['GET', '/v1/queues/x', {}, 400],
  ['GET', `/v1/queues/${id}`, {}, 403],
  ['PUT', `/v1/queues/${id}/policy`, { body: { maxActive: -1, maxPerSecond: 1 } }, 400],
  ['PUT', `/v1/queues/${id}/policy`, { body: { maxActive: 1, maxPerSecond: 1 } }, 403],
  ['POST', '/v1/reservations', { body: { concertSeatIds: [id] } }, 400],
  ['POST', '/v1/reservations', { queueToken, body: { concertSeatIds: ['x'] } }, 400],
  ['POST', '/v1/reservations', { queueToken, body: { concertSeatIds: [id] }, key: 'x'.repeat(256) }, 400],
  ['POST', '/v1/reservations', { queueToken, body: { concertSeatIds: [id] }, fault: 'nonsense' }, 400],
  ['POST', '/v1/reservations', { queueToken, body: { concertSeatIds: [id] } }, 403],
  ['POST', '/v1/payments', { queueToken, key, body: { reservationId: 'x' } }, 400],
  ['POST', '/v1/payments', { queueToken, key, body: { reservationId: id } }, 404],
  ['POST', '/v1/payments', { key, body: { reservationId: id } }, 400],
  ['POST', '/v1/balance/charges', { key, body: { amount: 0, currency: 'KRW' } }, 400],
  ['POST', '/v1/balance/charges', { key, body: { amount: -1, currency: 'KRW' } }, 400],
  ['POST', '/v1/balance/charges', { key, body: { amount: 1.5, currency: 'KRW' } }, 400],
  ['POST', '/v1/balance/charges', { key, body: { amount: '1', currency: 'KRW' } }, 400],
  ['POST', '/v1/balance/charges', { key, body: { amount: 1e300, currency: 'KRW' } }, 400],
  ['POST', '/v1/balance/charges', { key, body: { amount: 1, currency: 'krw' } }, 400],
  ['POST', '/v1/balance/charges', { key, body: { amount: 1, currency: 'USD' } }, 409],
  ['POST', '/v1/balance/charges', { key, body: { amount: 1_000_000_000_000, currency: 'KRW' } }, 409],
  ['GET', '/v1/concerts?limit=0', {}, 400],
  ['GET', '/v1/concerts?limit=x', {}, 400],
  ['GET', '/v1/concerts?cursor=%00', {}, 400],
  ['GET', '/v1/concerts/x/performances', {}, 400],
  ['GET', `/v1/concerts/${id}/performances`, {}, 404],
  ['GET', `/v1/performances/${id}/seats`, {}, 404],
  ['GET', '/v1/performances/x/seats', {}, 400],
  ['GET', '/v1/reservations/x', {}, 400],
  ['GET', `/v1/reservations/${id}`, {}, 404],
  ['GET', '/v1/payments/x', {}, 400],
  ['GET', `/v1/payments/${id}`, {}, 404],
  ['GET', '/v1/sagas/x', {}, 400],
  ['GET', `/v1/sagas/${id}`, {}, 404],
  ['GET', '/v1/nothing', {}, 404],
  ['PUT', '/v1/balance', {}, 405],
  ['GET', '/v1/payments', {}, 405],
];

describe('bad input gets a problem', () => {
  test.each(badRequests)('%s %s %j: %i', async (method, path, options, status) => {
    const answer = await user.call(method, path, options);
    expect([answer.status, answer.body]).toMatchObject([
      status,
      { status, code: expect.any(String), type: expect.stringMatching(/^https:/), title: expect.any(String) },
    ]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.type.endsWith(answer.body.code)).toBe(true);
  });

  test('without an access token, or with a bad one, nobody gets in', async () => {
    const closed: [string, string][] = [
      ['POST', '/v1/tokens'],
      ['GET', '/v1/tokens/me'],
      ['DELETE', '/v1/tokens/me'],
      ['GET', '/v1/tokens/me/events'],
      ['GET', `/v1/queues/${id}`],
      ['PUT', `/v1/queues/${id}/policy`],
      ['POST', '/v1/reservations'],
      ['GET', `/v1/reservations/${id}`],
      ['GET', '/v1/balance'],
      ['POST', '/v1/balance/charges'],
      ['POST', '/v1/payments'],
      ['GET', `/v1/payments/${id}`],
      ['GET', `/v1/sagas/${id}`],
    ];
    const [head, , signature] = user.accessToken.split('.');
    const forged = Buffer.from(JSON.stringify({ sub: id, exp: 4_000_000_000 })).toString('base64url');
    for (const [method, path] of closed)
      for (const accessToken of [undefined, 'nonsense', `${head}.${forged}.${signature}`])
        expect(
          await call(system.url, method, path, accessToken === undefined ? {} : { accessToken }),
        ).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});

test("what is another's doesn't exist", async () => {
  const [owner, other] = await Promise.all([newUser(system.url), newUser(system.url)]);
  const held = await hold(owner, nextSeat());
  const ownToken = await owner.queue({ reservationId: held.reservationId });

  expect((await other.call('GET', `/v1/reservations/${held.reservationId}`)).status).toBe(404);
  expect((await other.call('GET', `/v1/sagas/${held.sagaId}`)).status).toBe(404);
  expect((await other.call('GET', '/v1/tokens/me', { queueToken: ownToken })).status).toBe(404);
  const token = await other.call('POST', '/v1/tokens', { body: { reservationId: held.reservationId } });
  expect(token).toMatchObject({ status: 404, body: { code: 'reservation-not-found' } });
  const stolen = await other.pay(held.reservationId, { queueToken: ownToken });
  expect(stolen).toMatchObject({ status: 404, body: { code: 'reservation-not-found' } });

  const paid = await owner.pay(held.reservationId, { queueToken: ownToken });
  expect(paid.status).toBe(201);
  expect((await other.call('GET', `/v1/payments/${paid.body.paymentId}`)).status).toBe(404);
  expect((await other.call('GET', `/v1/sagas/${paid.body.sagaId}`)).status).toBe(404);
});

test("another user's token reserves nothing", async () => {
  const [owner, other] = await Promise.all([newUser(system.url), newUser(system.url)]);
  const seat = nextSeat();
  const ownToken = await owner.queue({ concertId: seat.concertId });
  const refused = await other.reserve(seat.concertSeatId, { queueToken: ownToken });
  expect(refused).toMatchObject({ status: 403, body: { code: 'token-not-active' } });
  expect((await owner.reserve(seat.concertSeatId, { queueToken: ownToken })).status).toBe(201);
});

test('a hold runs out, its seat is free again, and it can no longer be paid', async () => {
  const [first, second] = await Promise.all([newUser(system.url), newUser(system.url)]);
  const held = await hold(first, nextSeat());
  const ownToken = await first.queue({ reservationId: held.reservationId });
  const waiting = await second.queue({ concertId: held.concertId });
  expect(await second.reserve(held.concertSeatId, { queueToken: waiting })).toMatchObject({
    status: 409,
    body: { code: 'seat-taken' },
  });
  await eventually(async () =>
    expect((await first.call('GET', `/v1/reservations/${held.reservationId}`)).body.status).toBe('EXPIRED'),
  );
  await eventually(() =>
    expect(
      system.topics.seen.filter(
        ({ headers, data }) =>
          headers.ce_type === 'reservation.released' && data.reservationId === held.reservationId,
      ),
    ).toMatchObject([{ data: { reason: 'expired' } }]),
  );
  expect((await second.reserve(held.concertSeatId, { queueToken: waiting })).status).toBe(201);
  expect(await first.pay(held.reservationId, { queueToken: ownToken })).toMatchObject({
    status: 409,
    body: { code: 'hold-expired' },
  });
  expect(await first.balance()).toBe(1_000_000);
});

test('a hold that is being paid does not run out', async () => {
  const owner = await newUser(system.url, 500_000);
  const held = await hold(owner, nextSeat());
  // The payment isn't made for longer than the hold lasts.
  const paying = await owner.pay(held.reservationId, {
    fault: 'payment.create=timeout',
    prefer: 'respond-async',
  });
  expect(paying.status).toBe(202);
  // So late that the job which lets holds run out has come by a few times.
  const { status } = await eventually(async () => {
    const [row] = await system.sql(
      `select status, hold_expires_at < now() - interval '1 s' as late
       from reservation.reservation where reservation_id = $1`,
      [held.reservationId],
    );
    expect(row.late).toBe(true);
    return row;
  });
  expect(status).toBe('TEMPORARY_HOLD');
  await eventually(async () =>
    expect((await owner.call('GET', `/v1/sagas/${paying.body.sagaId}`)).body.status).toBe('COMPENSATED'),
  );
  // Given back unpaid, it has run out at once.
  await eventually(async () =>
    expect((await owner.call('GET', `/v1/reservations/${held.reservationId}`)).body.status).toBe('EXPIRED'),
  );
  expect(await owner.balance()).toBe(500_000);
});
