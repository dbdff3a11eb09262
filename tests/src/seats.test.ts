import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { holdTogether, newUser, type Seat, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectUnlocked } from './support/locks.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** Several seats as one reservation, holds that their users cancel, and how many seats a user may have. */

let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('seats', {
    instances: { orchestrator: 2, reservation: 2 },
    env: { SAGA_STEP_TIMEOUT_MS: '600', SAGA_STEP_ATTEMPTS: '3', MAX_SEATS_PER_RESERVATION: '4' },
  });
  nextSeat = await system.seatSource();
});
afterAll(() => system.stop());

const some = (count: number): Seat[] => Array.from({ length: count }, nextSeat);
const idsOf = (seats: readonly Seat[]): string[] =>
  seats.map(({ concertSeatId }) => concertSeatId).toSorted();
const priceOf = (seats: readonly Seat[]): number => seats.reduce((sum, { price }) => sum + price.amount, 0);

async function reserve(user: User, seats: readonly Seat[], fault?: string) {
  const { concertId } = seats[0] as Seat;
  const queueToken = await user.queue({ concertId });
  return user.reserve(idsOf(seats), { queueToken, ...(fault && { fault }) });
}

const stateOf = async (seats: readonly Seat[]): Promise<Set<string>> => {
  const rows = await system.sql(
    'select status from reservation.concert_seat where concert_seat_id = any($1)',
    [idsOf(seats)],
  );
  return new Set(rows.map(({ status }) => status));
};

const noLocksOf = (seats: readonly Seat[]): Promise<void> => expectUnlocked(system, ...idsOf(seats));

describe('several seats', () => {
  test('are one reservation at the price of all, paid once, and all sold', async () => {
    const user = await newUser(system.url);
    const seats = some(3);
    const held = await reserve(user, seats);
    expect(held).toMatchObject({
      status: 201,
      body: { concertSeatIds: idsOf(seats), price: { amount: priceOf(seats), currency: 'KRW' } },
    });
    const { reservationId } = held.body;
    expect(await stateOf(seats)).toEqual(new Set(['HELD']));
    await noLocksOf(seats);

    const paid = await user.pay(reservationId);
    expect(paid).toMatchObject({ status: 201, body: { amount: priceOf(seats) } });
    expect(await user.balance()).toBe(1_000_000 - priceOf(seats));
    expect(await stateOf(seats)).toEqual(new Set(['SOLD']));
    expect((await user.call('GET', `/v1/reservations/${reservationId}`)).body).toMatchObject({
      status: 'PAID',
      concertSeatIds: idsOf(seats),
    });
    await noLocksOf(seats);
  });

  test('are all refused where one is taken, and the others stay free', async () => {
    const [first, second] = [await newUser(system.url), await newUser(system.url)];
    const seats = some(3);
    const [mine, ...others] = seats as [Seat, ...Seat[]];
    await holdTogether(first, [mine]);
    expect(await reserve(second, seats)).toMatchObject({ status: 409, body: { code: 'seat-taken' } });
    expect(await stateOf(others)).toEqual(new Set(['AVAILABLE']));
    expect((await reserve(second, others)).status).toBe(201);
  });

  test('wanted by many in overlapping sets and opposite orders go to each once, and nobody waits in a circle', async () => {
    const seats = some(6);
    const rivals = await Promise.all(
      Array.from({ length: 18 }, async (_, i) => {
        const user = await newUser(system.url, 0);
        const wanted = [seats[i % 6], seats[(i + 2) % 6], seats[(i + 3) % 6]] as Seat[];
        return { user, wanted, queueToken: await user.queue({ concertId: (wanted[0] as Seat).concertId }) };
      }),
    );
    const answers = await Promise.all(
      rivals.map(({ user, wanted, queueToken }) =>
        user.reserve(
          wanted.map(({ concertSeatId }) => concertSeatId),
          { queueToken },
        ),
      ),
    );
    const won = answers.filter(({ status }) => status === 201);
    const ids = won.flatMap(({ body }) => body.concertSeatIds as string[]);
    expect(won.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { status, body } of answers)
      if (status !== 201) expect(['seat-locked', 'seat-taken']).toContain(body.code);
    const [row] = await system.sql(
      'select count(*)::int as held from reservation.reservation_seat where live and concert_seat_id = any($1)',
      [idsOf(seats)],
    );
    expect(row.held).toBe(ids.length);
  });

  test('are all given back where the hold fails, and all locks of them', async () => {
    const user = await newUser(system.url);
    const seats = some(3);
    const failed = await reserve(user, seats, 'reservation.hold=timeout-after');
    expect(failed).toMatchObject({ status: 503, body: { code: 'saga-compensated' } });
    expect(await stateOf(seats)).toEqual(new Set(['AVAILABLE']));
    await noLocksOf(seats);
    expect((await reserve(user, seats)).status).toBe(201);
  });

  test.each<[string, (seats: Seat[]) => unknown[]]>([
    ['none', () => []],
    ['more than are allowed', () => some(5).map(({ concertSeatId }) => concertSeatId)],
    ['one twice', ([seat]) => [seat?.concertSeatId, seat?.concertSeatId]],
    ['one twice, spelt in two ways', ([seat]) => [seat?.concertSeatId, seat?.concertSeatId.toUpperCase()]],
  ])('are refused at the edge: %s', async (_, wanted) => {
    const user = await newUser(system.url, 0);
    const seats = some(1);
    const queueToken = await user.queue({ concertId: (seats[0] as Seat).concertId });
    expect(await user.reserve(wanted(seats) as string[], { queueToken })).toMatchObject({
      status: 400,
      body: { code: 'validation' },
    });
  });

  test('of two performances are refused', async () => {
    const user = await newUser(system.url, 0);
    const [seat] = some(1) as [Seat];
    const [other] = await system.sql(
      `select concert_seat_id as id from reservation.concert_seat join reservation.performance using (performance_id)
       where concert_id = $1 and performance_id <>
         (select performance_id from reservation.concert_seat where concert_seat_id = $2) limit 1`,
      [seat.concertId, seat.concertSeatId],
    );
    const queueToken = await user.queue({ concertId: seat.concertId });
    expect(await user.reserve([seat.concertSeatId, other.id], { queueToken })).toMatchObject({
      status: 409,
      body: { code: 'seats-not-together' },
    });
  });
});

test('a user has at most eight seats of a concert, held and paid; and more room by a hold that is over', async () => {
  const user = await newUser(system.url);
  const [first] = [await holdTogether(user, some(4)), await holdTogether(user, some(3))];
  expect((await user.pay(first.reservationId)).status).toBe(201);
  const { concertId } = nextSeat();
  const queueToken = await user.queue({ concertId });
  const ask = (seats: Seat[]) => user.reserve(idsOf(seats), { queueToken });
  expect(await ask(some(2))).toMatchObject({
    status: 409,
    body: { code: 'seat-limit-exceeded', detail: 'You have 7 of at most 8 seats of this concert.' },
  });
  // The token still admits.
  const { status, body } = await ask(some(1));
  expect(status).toBe(201);
  expect(await reserve(user, some(1))).toMatchObject({ status: 409, body: { code: 'seat-limit-exceeded' } });
  expect((await user.call('DELETE', `/v1/reservations/${body.reservationId}`)).status).toBe(204);
  await eventually(async () => expect((await reserve(user, some(1))).status).toBe(201));
});

describe('a hold that is cancelled', () => {
  test('frees its seats at once for the next one, and may be cancelled again', async () => {
    const [first, second] = [await newUser(system.url), await newUser(system.url)];
    const seats = some(2);
    const { reservationId } = await holdTogether(first, seats);
    const remove = (user: User) => user.call('DELETE', `/v1/reservations/${reservationId}`);
    expect(await remove(second)).toMatchObject({ status: 404, body: { code: 'reservation-not-found' } });
    expect((await remove(first)).status).toBe(204);
    expect((await first.call('GET', `/v1/reservations/${reservationId}`)).body.status).toBe('CANCELLED');

    expect((await reserve(second, seats)).status).toBe(201);
    expect((await remove(first)).status).toBe(204);
    expect(await stateOf(seats)).toEqual(new Set(['HELD']));
    const events = () =>
      system.topics.seen.filter(({ topic, key }) => topic === 'reservation.events' && key === reservationId);
    await eventually(() =>
      expect(events().map(({ headers }) => headers.ce_type)).toEqual(
        expect.arrayContaining(['reservation.held', 'reservation.released']),
      ),
    );
  });

  test('is not, while it is being paid or once it is; it can be paid no more when it is', async () => {
    const user = await newUser(system.url);
    const [paid, given] = [await holdTogether(user, some(2)), await holdTogether(user, some(1))];
    const remove = (reservationId: string) => user.call('DELETE', `/v1/reservations/${reservationId}`);

    const paying = user.pay(paid.reservationId, { fault: 'balance.load=timeout', key: randomUUID() });
    const mark = 'select paying_saga from reservation.reservation where reservation_id = $1';
    await eventually(async () =>
      expect(await system.sql(mark, [paid.reservationId])).toEqual([{ paying_saga: expect.any(String) }]),
    );
    expect(await remove(paid.reservationId)).toMatchObject({ status: 409, body: { code: 'seat-locked' } });
    expect((await paying).status).toBe(503);
    expect((await user.pay(paid.reservationId)).status).toBe(201);
    expect(await remove(paid.reservationId)).toMatchObject({ status: 409, body: { code: 'already-paid' } });

    const queueToken = await user.queue({ reservationId: given.reservationId });
    expect((await remove(given.reservationId)).status).toBe(204);
    expect(await user.pay(given.reservationId, { queueToken })).toMatchObject({
      status: 409,
      body: { code: 'hold-expired' },
    });
    expect(await user.balance()).toBe(1_000_000 - paid.price);
  });

  test('or is paid, where both are asked for at once: one of them, whichever', async () => {
    for (let i = 0; i < 4; i++) {
      const user = await newUser(system.url);
      const held = await holdTogether(user, some(1));
      const queueToken = await user.queue({ reservationId: held.reservationId });
      const [paid, removed] = await Promise.all([
        user.pay(held.reservationId, { queueToken }),
        user.call('DELETE', `/v1/reservations/${held.reservationId}`),
      ]);
      expect([paid.status === 201, removed.status === 204]).toContain(true);
      expect(paid.status === 201 && removed.status === 204).toBe(false);
      expect(await user.balance()).toBe(1_000_000 - (paid.status === 201 ? held.price : 0));
    }
  });
});
