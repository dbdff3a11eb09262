import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { call, hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectUnlocked } from './support/locks.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';
import { byTime } from './support/topics.ts';

/** Both sagas as they go well: the answers, the order of the calls, the events, and the external API. */

const secret = `whsec_${Buffer.from('an external API of these tests').toString('base64')}`;

let system: TestSystem;
let nextSeat: () => Seat;
let external: Awaited<ReturnType<typeof startExternalApi>>;

beforeAll(async () => {
  external = await startExternalApi();
  system = await startTestSystem('sagas', {
    env: { EXTERNAL_API_URL: external.url, EXTERNAL_API_SECRET: secret, EXTERNAL_API_ATTEMPTS: '2' },
  });
  nextSeat = await system.seatSource();
});
afterAll(async () => {
  await system.stop();
  external.stop();
});

/** The external API: fails always for whom it refuses, and the first time for whom it hesitates about. */
async function startExternalApi() {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const seen = new Set<string>();
  const refused = new Set<string>();
  const hesitates = new Set<string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const id = String(request.headers['webhook-id']);
    const isOfOne = (users: Set<string>): boolean => [...users].some((userId) => body.includes(userId));
    const taken = !isOfOne(refused) && (seen.has(id) || !isOfOne(hesitates));
    if (taken) received.push({ headers: request.headers, body });
    response.writeHead(taken ? 204 : 500).end();
    seen.add(id);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/events`;
  return { url, received, refused, hesitates, stop: () => server.close() };
}

/** The types of a saga's records, in the order of their times; each once, however often it was sent. */
const typesOf = (sagaId: string, kind: 'commands' | 'events'): (string | undefined)[] => {
  const records = system.topics
    .ofSaga(sagaId)
    .filter(({ topic }) => topic.endsWith(`.${kind}`))
    .sort(byTime);
  return [...new Map(records.map(({ headers }) => [headers.ce_id, headers.ce_type])).values()];
};
const commandsOf = (sagaId: string) => typesOf(sagaId, 'commands');
const eventsOf = (sagaId: string) => typesOf(sagaId, 'events').sort();

test('a hold: token, seat, user, reservation; then the token is deleted', async () => {
  const user = await newUser(system.url);
  const seat = nextSeat();
  const queueToken = await user.queue({ concertId: seat.concertId });
  const answer = await user.reserve(seat.concertSeatId, { queueToken });

  expect(answer).toMatchObject({
    status: 201,
    body: { concertSeatIds: [seat.concertSeatId], status: 'TEMPORARY_HOLD', price: seat.price },
  });
  const { sagaId, reservationId, holdExpiresAt } = answer.body;
  const leftMs = Date.parse(holdExpiresAt) - Date.now();
  expect(leftMs).toBeGreaterThan(280_000);
  expect(leftMs).toBeLessThanOrEqual(300_000);

  await eventually(() =>
    expect(commandsOf(sagaId)).toEqual([
      'token.claim',
      'reservation.load-seat',
      'balance.load-user',
      'reservation.hold',
      'token.delete',
    ]),
  );
  await eventually(() => expect(eventsOf(sagaId)).toEqual(['reservation.held', 'token.deleted']));
  expect((await user.call('GET', '/v1/tokens/me', { queueToken })).status).toBe(404);
  expect((await user.call('GET', `/v1/reservations/${reservationId}`)).body).toMatchObject({
    status: 'TEMPORARY_HOLD',
    holdExpiresAt,
  });
  await expectUnlocked(system, seat.concertSeatId);
});

test('a payment: token, reservation and balance at once; deduct, create, confirm; then the event and the deletion', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const answer = await user.pay(held.reservationId);

  expect(answer).toMatchObject({
    status: 201,
    body: {
      reservationId: held.reservationId,
      amount: held.price.amount,
      currency: held.price.currency,
      status: 'COMPLETED',
    },
  });
  const { sagaId, paymentId } = answer.body;
  await eventually(() =>
    expect(commandsOf(sagaId).slice(3)).toEqual([
      'balance.deduct',
      'payment.create',
      'reservation.confirm',
      'token.delete',
    ]),
  );
  // Asked at once: which of them carries the earlier millisecond means nothing.
  expect(commandsOf(sagaId).slice(0, 3).sort()).toEqual(['balance.load', 'reservation.load', 'token.claim']);
  await eventually(() =>
    expect(eventsOf(sagaId)).toEqual([
      'balance.deducted',
      'payment.completed',
      'reservation.paid',
      'token.deleted',
    ]),
  );
  expect((await user.call('GET', `/v1/payments/${paymentId}`)).body).toMatchObject({
    status: 'COMPLETED',
    sagaId,
  });
  expect((await user.call('GET', `/v1/reservations/${held.reservationId}`)).body.status).toBe('PAID');
  expect((await user.call('GET', `/v1/sagas/${sagaId}`)).body).toMatchObject({
    type: 'pay',
    status: 'COMPLETED',
    steps: [
      { name: 'verify-token', status: 'DONE', startedAt: expect.any(String), endedAt: expect.any(String) },
      { name: 'load-reservation', status: 'DONE' },
      { name: 'load-balance', status: 'DONE' },
      { name: 'deduct-balance', status: 'DONE' },
      { name: 'create-payment', status: 'DONE' },
      { name: 'confirm-reservation', status: 'DONE' },
    ],
  });
  expect(await user.balance()).toBe(500_000 - held.price.amount);
  await expectUnlocked(system, held.concertSeatId);

  const seats = await system.sql('select status from reservation.concert_seat where concert_seat_id = $1', [
    held.concertSeatId,
  ]);
  expect(seats).toEqual([{ status: 'SOLD' }]);
  const again = await user.call('POST', '/v1/tokens', { body: { reservationId: held.reservationId } });
  expect(again).toMatchObject({ status: 409, body: { code: 'already-paid' } });
});

test('the trace goes along from the request to every command, reply and event', async () => {
  const user = await newUser(system.url);
  const seat = nextSeat();
  const queueToken = await user.queue({ concertId: seat.concertId });
  const traceId = 'c0ffee'.padStart(32, '0');
  const response = await fetch(`${system.url}/v1/reservations`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${user.accessToken}`,
      'queue-token': queueToken,
      'content-type': 'application/json',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    },
    body: JSON.stringify({ concertSeatIds: [seat.concertSeatId] }),
  });
  const { sagaId } = (await response.json()) as { sagaId: string };
  await eventually(() => {
    const traces = system.topics.ofSaga(sagaId).map(({ headers }) => headers.traceparent);
    expect(traces.length).toBeGreaterThan(8);
    for (const trace of traces) expect(trace).toContain(traceId);
  });
});

test('the external API is told after commit, signed, and again until it takes it', async () => {
  const user = await newUser(system.url, 500_000);
  external.hesitates.add(user.userId);
  const held = await hold(user, nextSeat());
  const paid = await user.pay(held.reservationId);
  expect(paid.status).toBe(201);

  const { headers, body } = await eventually(() => {
    const told = external.received.find(
      ({ body }) => body.includes('payment.completed') && body.includes(paid.body.paymentId),
    );
    expect(told).toBeDefined();
    return told as NonNullable<typeof told>;
  });
  expect(headers['content-type']).toContain('application/cloudevents+json');
  const event = new Webhook(secret).verify(body, headers as Record<string, string>);
  expect(event).toMatchObject({
    specversion: '1.0',
    type: 'payment.completed',
    id: headers['webhook-id'],
    data: { paymentId: paid.body.paymentId, price: held.price },
  });
});

test('what the external API fails at while it takes others is a dead letter in the end, and no saga is the worse for it', async () => {
  const user = await newUser(system.url);
  external.refused.add(user.userId);
  const held = await hold(user, nextSeat());
  const letter = await eventually(async () => {
    // Without others that are taken it would be tried on: it may be away.
    await hold(await newUser(system.url, 0), nextSeat());
    const found = system.topics.seen.find(
      ({ topic, data }) => topic === 'reservation.events.dlq' && data.reservationId === held.reservationId,
    );
    expect(found).toBeDefined();
    return found as NonNullable<typeof found>;
  });
  expect(letter.headers).toMatchObject({ dlq_group: 'external-api', dlq_error_class: 'NotTaken' });
  expect(Number(letter.headers.dlq_attempts)).toBeGreaterThan(2);
  expect(letter.headers.dlq_error_message).toContain('500');
});

test('a client that would rather not wait gets the address of its saga', async () => {
  const user = await newUser(system.url);
  const seat = nextSeat();
  const queueToken = await user.queue({ concertId: seat.concertId });
  const answer = await user.reserve(seat.concertSeatId, { queueToken, prefer: 'respond-async' });
  expect(answer.status).toBe(202);
  const location = answer.headers.get('location') as string;
  expect(location).toBe(`/v1/sagas/${answer.body.sagaId}`);
  await eventually(async () =>
    expect((await user.call('GET', location)).body).toMatchObject({ type: 'reserve', status: 'COMPLETED' }),
  );
});

test('each service has its own health and OpenAPI document; the origin is ready when all are', async () => {
  expect((await call(system.url, 'GET', '/health/ready')).status).toBe(200);
  for (const [service] of Object.values(system.services)) {
    const url = service?.url as string;
    expect((await call(url, 'GET', '/health/live')).status).toBe(200);
    const ready = await call(url, 'GET', '/health/ready');
    expect(ready.body.checks).toMatchObject({ kafka: 'ok', postgres: 'ok' });
    const document = await call(url, 'GET', '/docs/json');
    expect(document.body).toMatchObject({ openapi: '3.1.0' });
    expect(Object.keys(document.body.paths).length).toBeGreaterThan(2);
  }
});
