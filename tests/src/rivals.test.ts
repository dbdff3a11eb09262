import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** Many want the same: one seat, one reservation, one token. Two orchestrators, so that rivals meet in both. */

let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('rivals', { instances: { orchestrator: 2 } });
  nextSeat = await system.seatSource();
});
afterAll(() => system.stop());

const statuses = (answers: { status: number }[]) => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

test('of a hundred users who want one seat at once, one gets it', async () => {
  const seat = nextSeat();
  const rivals = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const user = await newUser(system.url, 0);
      return { user, queueToken: await user.queue({ concertId: seat.concertId }) };
    }),
  );
  const answers = await Promise.all(
    rivals.map(({ user, queueToken }) => user.reserve(seat.concertSeatId, { queueToken })),
  );
  expect(statuses(answers)).toEqual({ 201: 1, 409: 99 });
  for (const { status, body } of answers)
    if (status === 409) expect(['seat-locked', 'seat-taken']).toContain(body.code);

  const holds = await system.sql(
    `select user_id from reservation.reservation join reservation.reservation_seat using (reservation_id)
     where concert_seat_id = $1 and status = 'TEMPORARY_HOLD'`,
    [seat.concertSeatId],
  );
  expect(holds).toHaveLength(1);
  // A refusal costs nobody their place: the token still admits to another seat.
  const loser = rivals[answers.findIndex(({ status }) => status === 409)];
  const other = nextSeat();
  await eventually(async () =>
    expect((await loser?.user.reserve(other.concertSeatId, loser))?.status).toBe(201),
  );
});

test('a reservation that is paid ten times at once is paid once', async () => {
  const user = await newUser(system.url, 1_000_000);
  const held = await hold(user, nextSeat());
  const queueToken = await user.queue({ reservationId: held.reservationId });
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => user.pay(held.reservationId, { queueToken })),
  );
  expect(statuses(answers)[201]).toBe(1);
  for (const { status, body } of answers)
    if (status !== 201) expect(['seat-locked', 'already-paid', 'token-not-active']).toContain(body.code);
  expect(await user.balance()).toBe(1_000_000 - held.price.amount);
  const payments = await system.sql('select status from payment.payment where reservation_id = $1', [
    held.reservationId,
  ]);
  expect(payments).toEqual([{ status: 'COMPLETED' }]);
});

test('one token holds one seat, however many are asked for at once', async () => {
  const user = await newUser(system.url, 0);
  const seats = Array.from({ length: 8 }, nextSeat);
  const queueToken = await user.queue({ concertId: (seats[0] as Seat).concertId });
  const answers = await Promise.all(seats.map((seat) => user.reserve(seat.concertSeatId, { queueToken })));
  expect(statuses(answers)).toEqual({ 201: 1, 403: 7 });
});

test('payments of one user at the same time never take more than there is', async () => {
  const user = await newUser(system.url, 0);
  const holds = [];
  for (let i = 0; i < 5; i++) holds.push(await hold(user, nextSeat()));
  // Enough for three of the five, which cost the same.
  const price = (holds[0] as (typeof holds)[number]).price.amount;
  const charged = await user.call('POST', '/v1/balance/charges', {
    body: { amount: 3 * price + 1, currency: 'KRW' },
    key: 'enough-for-three',
  });
  expect(charged.status).toBe(201);
  const answers = await Promise.all(holds.map(({ reservationId }) => user.pay(reservationId)));
  expect(statuses(answers)).toEqual({ 201: 3, 402: 2 });
  expect(await user.balance()).toBe(1);
});
