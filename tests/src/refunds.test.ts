import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CallOptions, holdTogether, newUser, type Seat, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectUnlocked } from './support/locks.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** The refund saga: the payment taken back, its price on the balance, the seats free; or nothing of it. */

let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('refunds', {
    env: {
      SAGA_STEP_TIMEOUT_MS: '400',
      // None of these may fail, or be parked, because the machine was busy for some seconds.
      SAGA_STEP_ATTEMPTS: '4',
      SAGA_UNDO_TIMEOUT_MS: '300',
      SAGA_UNDO_ATTEMPTS: '7',
    },
  });
  nextSeat = await system.seatSource();
});
afterAll(() => system.stop());

const charged = 1_000_000;

async function buy(seats: number): Promise<{ user: User; bought: Bought }> {
  const user = await newUser(system.url, charged);
  const held = await holdTogether(user, Array.from({ length: seats }, nextSeat));
  const paid = await user.pay(held.reservationId);
  expect(paid.status).toBe(201);
  return { user, bought: { ...held, paymentId: paid.body.paymentId } };
}
type Bought = { reservationId: string; concertSeatIds: string[]; price: number; paymentId: string };

const refund = (user: User, { reservationId }: Bought, options: CallOptions = {}) =>
  user.call('POST', '/v1/refunds', { body: { reservationId }, key: randomUUID(), ...options });

/** What there is to see of a sale. */
const stateOf = async (user: User, { reservationId, paymentId, concertSeatIds }: Bought) => ({
  balance: await user.balance(),
  payment: (await user.call('GET', `/v1/payments/${paymentId}`)).body.status,
  reservation: (await user.call('GET', `/v1/reservations/${reservationId}`)).body.status,
  seats: (
    await system.sql('select distinct status from reservation.concert_seat where concert_seat_id = any($1)', [
      concertSeatIds,
    ])
  ).map(({ status }) => status),
});

const sold = (price: number) => ({
  balance: charged - price,
  payment: 'COMPLETED',
  reservation: 'PAID',
  seats: ['SOLD'],
});
const takenBack = { balance: charged, payment: 'REFUNDED', reservation: 'REFUNDED', seats: ['AVAILABLE'] };

const typesOf = (sagaId: string, kind: string): unknown[] => {
  const records = system.topics.ofSaga(sagaId).filter(({ topic }) => topic.endsWith(`.${kind}`));
  return [...new Map(records.map(({ headers }) => [headers.ce_id, headers.ce_type])).values()];
};

test('a refund: reservation, payment, balance; then the seats and the event', async () => {
  const { user, bought } = await buy(2);
  const answer = await refund(user, bought);
  expect(answer).toMatchObject({
    status: 201,
    body: {
      paymentId: bought.paymentId,
      reservationId: bought.reservationId,
      amount: bought.price,
      currency: 'KRW',
      status: 'REFUNDED',
    },
  });
  const { sagaId } = answer.body;
  await eventually(async () => expect(await stateOf(user, bought)).toEqual(takenBack));
  await eventually(() => {
    expect(typesOf(sagaId, 'commands').toSorted()).toEqual([
      'balance.credit',
      'payment.refund',
      'reservation.load-paid',
      'reservation.release-seats',
    ]);
    expect(typesOf(sagaId, 'events').toSorted()).toEqual([
      'balance.credited',
      'payment.refunded',
      'reservation.released',
    ]);
  });
  await expectUnlocked(system, ...bought.concertSeatIds);

  // The seats are to be had again.
  const next = await newUser(system.url);
  const concertId = (nextSeat() as Seat).concertId;
  const queueToken = await next.queue({ concertId });
  expect((await next.reserve(bought.concertSeatIds, { queueToken })).status).toBe(201);
});

test('with one key it is one refund; with another the reservation is refunded already', async () => {
  const { user, bought } = await buy(1);
  const key = randomUUID();
  const [first, copy] = await Promise.all([refund(user, bought, { key }), refund(user, bought, { key })]);
  expect(first.status).toBe(201);
  expect(copy.body).toEqual(first.body);
  expect((await refund(user, bought, { key })).body).toEqual(first.body);
  await eventually(async () => expect(await stateOf(user, bought)).toEqual(takenBack));
  expect(await refund(user, bought)).toMatchObject({ status: 409, body: { code: 'already-refunded' } });
  expect(await user.balance()).toBe(charged);
});

test('ten at once, each with a key of its own, give the money back once', async () => {
  const { user, bought } = await buy(1);
  const answers = await Promise.all(Array.from({ length: 10 }, () => refund(user, bought)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const { status, body } of answers)
    if (status !== 201) expect(['already-refunded', 'seat-locked']).toContain(body.code);
  await eventually(async () => expect(await stateOf(user, bought)).toEqual(takenBack));
});

test("nothing is refunded that isn't paid, or is another's, or without a key", async () => {
  const { bought } = await buy(1);
  const user = await newUser(system.url);
  const held = await holdTogether(user, [nextSeat()]);
  expect(await refund(user, { ...held, paymentId: '' })).toMatchObject({
    status: 409,
    body: { code: 'not-paid' },
  });
  expect(await refund(user, bought)).toMatchObject({
    status: 404,
    body: { code: 'reservation-not-found' },
  });
  const { reservationId } = held;
  expect(await user.call('POST', '/v1/refunds', { body: { reservationId } })).toMatchObject({
    status: 400,
    body: { code: 'idempotency-key-required' },
  });
});

describe('a refund that fails', () => {
  test.each([
    ['reservation.load-paid=reject', 'ReservationLoadFailed', []],
    ['reservation.load-paid=timeout-after', 'ReservationLoadFailed', ['reservation.unmark-paid']],
    ['payment.refund=reject', 'PaymentRefundFailed', ['balance.revert-credit', 'reservation.unmark-paid']],
    [
      'payment.refund=timeout-after',
      'PaymentRefundFailed',
      ['balance.revert-credit', 'payment.reinstate', 'reservation.unmark-paid'],
    ],
    ['balance.credit=reject', 'BalanceCreditFailed', ['payment.reinstate', 'reservation.unmark-paid']],
    [
      'balance.credit=timeout',
      'BalanceCreditFailed',
      ['balance.revert-credit', 'payment.reinstate', 'reservation.unmark-paid'],
    ],
  ])('by %s leaves the sale as it was, and can be asked for again', async (fault, failure, undone) => {
    const { user, bought } = await buy(2);
    const answer = await refund(user, bought, { fault });
    expect(answer).toMatchObject({ status: 503, body: { code: 'saga-compensated' } });
    expect(await stateOf(user, bought)).toEqual(sold(bought.price));
    const { sagaId } = answer.body;
    expect((await user.call('GET', `/v1/sagas/${sagaId}`)).body.failure.type).toBe(failure);
    const undos = () =>
      system.topics
        .ofSaga(sagaId)
        .filter(({ topic, headers }) => topic.endsWith('.commands') && headers.ce_sagaaction === 'undo');
    await eventually(() =>
      expect([...new Set(undos().map(({ headers }) => headers.ce_type))].toSorted()).toEqual(undone),
    );
    await expectUnlocked(system, ...bought.concertSeatIds);

    expect((await refund(user, bought)).status).toBe(201);
    await eventually(async () => expect(await stateOf(user, bought)).toEqual(takenBack));
  });

  test('to say that the money is there, though it is, has succeeded', async () => {
    const { user, bought } = await buy(1);
    expect((await refund(user, bought, { fault: 'balance.credit=timeout-after' })).status).toBe(201);
    await eventually(async () => expect(await stateOf(user, bought)).toEqual(takenBack));
  });
});
