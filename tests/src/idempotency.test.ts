import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** The same key and body gives the first answer again: while it runs, when it is over, and after a restart. */

let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('idempotency', { instances: { orchestrator: 2 } });
  nextSeat = await system.seatSource();
});
afterAll(() => system.stop());

test('a payment sent eight times at once, over two orchestrators, is one payment with one answer', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const options = { key: randomUUID(), queueToken: await user.queue({ reservationId: held.reservationId }) };
  const answers = await Promise.all(Array.from({ length: 8 }, () => user.pay(held.reservationId, options)));
  for (const { status, body } of answers) {
    expect(status).toBe(201);
    expect(body).toEqual(answers[0]?.body);
  }
  expect(await user.balance()).toBe(500_000 - held.price.amount);
});

test('the same key with another body is refused, and changes nothing', async () => {
  const user = await newUser(system.url, 1_000_000);
  const [first, second] = [await hold(user, nextSeat()), await hold(user, nextSeat())];
  const key = randomUUID();
  expect((await user.pay(first.reservationId, { key })).status).toBe(201);
  const queueToken = await user.queue({ reservationId: second.reservationId });
  for (const reservationId of [second.reservationId, randomUUID()])
    expect(await user.pay(reservationId, { key, queueToken })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
  expect(await user.balance()).toBe(1_000_000 - first.price.amount);
});

test('a refusal for good is the answer of its key; a refusal by the lock is not', async () => {
  const user = await newUser(system.url, 0);
  const held = await hold(user, nextSeat());
  const options = { key: randomUUID(), queueToken: await user.queue({ reservationId: held.reservationId }) };
  const refused = await user.pay(held.reservationId, options);
  expect(refused).toMatchObject({ status: 402, body: { code: 'insufficient-balance' } });
  await user.call('POST', '/v1/balance/charges', {
    body: { amount: 900_000, currency: 'KRW' },
    key: 'enough',
  });
  expect((await user.pay(held.reservationId, options)).body).toEqual(refused.body);
  expect((await user.pay(held.reservationId, { ...options, key: randomUUID() })).status).toBe(201);

  // While another's saga has the seat, a key gets a 409; later the same key gets its own answer.
  const [winner, loser] = await Promise.all([newUser(system.url), newUser(system.url)]);
  const seat = nextSeat();
  // Before the other begins, whose saga is held up for a few seconds only.
  const asking = { queueToken: await loser.queue({ concertId: seat.concertId }), key: randomUUID() };
  const slow = await winner.reserve(seat.concertSeatId, {
    queueToken: await winner.queue({ concertId: seat.concertId }),
    fault: 'reservation.hold=timeout',
    prefer: 'respond-async',
  });
  expect(slow.status).toBe(202);
  expect(await loser.reserve(seat.concertSeatId, asking)).toMatchObject({
    status: 409,
    body: { code: 'seat-locked' },
  });
  await eventually(async () => expect((await loser.reserve(seat.concertSeatId, asking)).status).toBe(201));
});

test('the answer is the same after the process that gave it has been killed', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const options = { key: randomUUID(), queueToken: await user.queue({ reservationId: held.reservationId }) };
  const first = await user.pay(held.reservationId, options);
  const charge = { body: { amount: 1000, currency: 'KRW' }, key: randomUUID() };
  const charged = await user.call('POST', '/v1/balance/charges', charge);
  expect([first.status, charged.status]).toEqual([201, 201]);

  for (const service of [...system.services.orchestrator, ...system.services.balance])
    service.kill('SIGKILL');
  await eventually(async () => {
    expect(await user.pay(held.reservationId, options)).toMatchObject({ status: 201, body: first.body });
    expect((await user.call('POST', '/v1/balance/charges', charge)).body).toEqual(charged.body);
  }, 40_000);
  expect(await user.balance()).toBe(500_000 - held.price.amount + 1000);
});

test('a charge sent twenty times at once is one charge', async () => {
  const user = await newUser(system.url, 0);
  const charge = { body: { amount: 700, currency: 'KRW' }, key: randomUUID() };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => user.call('POST', '/v1/balance/charges', charge)),
  );
  for (const { status, body } of answers) expect([status, body]).toEqual([201, answers[0]?.body]);
  expect(await user.balance()).toBe(700);
  const other = await user.call('POST', '/v1/balance/charges', {
    ...charge,
    body: { amount: 701, currency: 'KRW' },
  });
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
});

test('payments and charges need a key', async () => {
  const user = await newUser(system.url);
  const charge = await user.call('POST', '/v1/balance/charges', { body: { amount: 1, currency: 'KRW' } });
  const payment = await user.call('POST', '/v1/payments', {
    body: { reservationId: randomUUID() },
    queueToken: 'x',
  });
  for (const answer of [charge, payment])
    expect(answer).toMatchObject({ status: 400, body: { code: 'idempotency-key-required' } });
  expect((await call(system.url, 'GET', '/v1/balance', user)).body.balance.amount).toBe(1_000_000);
});
