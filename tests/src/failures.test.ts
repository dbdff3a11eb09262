import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectUnlocked } from './support/locks.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';
import { byTime } from './support/topics.ts';

/** The design's table: which failure publishes which compensations. Claims are given back each time. */

let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('failures', {
    env: {
      SAGA_STEP_TIMEOUT_MS: '1500',
      SAGA_STEP_ATTEMPTS: '2',
      SAGA_UNDO_TIMEOUT_MS: '300',
      SAGA_UNDO_ATTEMPTS: '4',
    },
  });
  nextSeat = await system.seatSource();
});
afterAll(() => system.stop());

const claims = ['token.release', 'reservation.unmark'];

const rows = [
  // A failure that is known: all main steps but the one that surely failed.
  ['balance.deduct=reject', 'BalanceDeductionFailed', ['payment.cancel', 'reservation.revert', ...claims]],
  ['payment.create=reject', 'PaymentCreationFailed', ['balance.refund', 'reservation.revert', ...claims]],
  [
    'reservation.confirm=reject',
    'ReservationConfirmationFailed',
    ['balance.refund', 'payment.cancel', ...claims],
  ],
  // Of unknown outcome: its own as well.
  [
    'balance.deduct=timeout',
    'BalanceDeductionFailed',
    ['balance.refund', 'payment.cancel', 'reservation.revert', ...claims],
  ],
  [
    'balance.deduct=timeout-after',
    'BalanceDeductionFailed',
    ['balance.refund', 'payment.cancel', 'reservation.revert', ...claims],
  ],
  [
    'payment.create=timeout',
    'PaymentCreationFailed',
    ['balance.refund', 'payment.cancel', 'reservation.revert', ...claims],
  ],
  [
    'payment.create=timeout-after',
    'PaymentCreationFailed',
    ['balance.refund', 'payment.cancel', 'reservation.revert', ...claims],
  ],
  [
    'reservation.confirm=timeout',
    'ReservationConfirmationFailed',
    ['reservation.revert', 'balance.refund', 'payment.cancel', ...claims],
  ],
  // Before the first main step only the claims that were made, or may have been, are given back.
  ['token.claim=reject', 'TokenVerificationFailed', ['reservation.unmark']],
  ['token.claim=timeout', 'TokenVerificationFailed', claims],
  ['reservation.load=reject', 'ReservationLoadFailed', ['token.release']],
  ['reservation.load=timeout-after', 'ReservationLoadFailed', claims],
  ['balance.load=reject', 'BalanceLoadFailed', claims],
  ['balance.load=timeout', 'BalanceLoadFailed', claims],
] as const;

describe('a payment in which', () => {
  test.each(rows)('%s ends as %s and publishes its compensations', async (fault, failure, compensations) => {
    const user = await newUser(system.url, 500_000);
    const held = await hold(user, nextSeat());
    const queueToken = await user.queue({ reservationId: held.reservationId });

    const answer = await user.pay(held.reservationId, { queueToken, fault });
    expect(answer).toMatchObject({ status: 503, body: { code: 'saga-compensated' } });
    expect(answer.headers.get('retry-after')).toBe('1');

    const { sagaId } = answer.body;
    const saga = await user.call('GET', `/v1/sagas/${sagaId}`);
    expect(saga.body).toMatchObject({ status: 'COMPENSATED', failure: { type: failure } });

    // The topics: these compensations and no other, the pivot's own before the rest.
    const undone = await eventually(() => {
      const types = undoTypes(sagaId);
      expect([...types].sort()).toEqual([...compensations].sort());
      return types;
    });
    if (fault === 'reservation.confirm=timeout') expect(undone[0]).toBe('reservation.revert');
    expect(eventTypes(sagaId)).not.toContain('payment.completed');

    // The three services' tables.
    expect(await user.balance()).toBe(500_000);
    expect(await system.sql('select status from payment.payment where saga_id = $1', [sagaId])).toEqual(
      fault === 'payment.create=timeout-after' || fault.startsWith('reservation.confirm')
        ? [{ status: 'CANCELLED' }]
        : [],
    );
    expect(
      await system.sql('select status, paying_saga from reservation.reservation where reservation_id = $1', [
        held.reservationId,
      ]),
    ).toEqual([{ status: 'TEMPORARY_HOLD', paying_saga: null }]);

    await expectUnlocked(system, held.concertSeatId);

    // All of it was undone: the same user pays the same hold, with the same token, now that nothing fails.
    const again = await user.pay(held.reservationId, { queueToken });
    expect(again.status).toBe(201);
    expect(await user.balance()).toBe(500_000 - held.price.amount);
  });

  test('reservation.confirm=timeout-after has happened, and completes', async () => {
    const user = await newUser(system.url, 500_000);
    const held = await hold(user, nextSeat());
    const answer = await user.pay(held.reservationId, { fault: 'reservation.confirm=timeout-after' });
    expect(answer).toMatchObject({ status: 201, body: { status: 'COMPLETED' } });
    expect(await user.balance()).toBe(500_000 - held.price.amount);
    await eventually(() => expect(eventTypes(answer.body.sagaId)).toContain('payment.completed'));
    // The event may be seen before the commands that led to it, which are on other topics.
    await system.topics.caughtUp();
    expect(undoTypes(answer.body.sagaId)).toEqual(['reservation.revert']);
  });

  test('the lock is held until the last compensation is acknowledged, also while the saga is parked', async () => {
    const [user, rival] = await Promise.all([newUser(system.url, 500_000), newUser(system.url)]);
    const held = await hold(user, nextSeat());
    const queueToken = await rival.queue({ concertId: held.concertId });
    const paying = await user.pay(held.reservationId, {
      fault: 'payment.create=reject, balance.refund=timeout',
      prefer: 'respond-async',
    });
    expect(paying.status).toBe(202);
    expect(paying.headers.get('location')).toBe(`/v1/sagas/${paying.body.sagaId}`);

    const stateOf = async () => (await user.call('GET', `/v1/sagas/${paying.body.sagaId}`)).body;
    const expectLocked = async () => {
      const { row, redis } = await system.locksOf(held.concertSeatId);
      expect(row).toBe(paying.body.sagaId);
      expect(redis).not.toBeNull();
      const refused = await rival.reserve(held.concertSeatId, { queueToken });
      expect(refused).toMatchObject({ status: 409, body: { code: 'seat-locked' } });
      expect(refused.headers.get('retry-after')).toBe('1');
    };
    await eventually(async () => {
      const { status, steps } = await stateOf();
      expect(status).toBe('COMPENSATING');
      // Everything but the refund is acknowledged.
      expect(steps.filter(({ status }: { status: string }) => status === 'UNDOING')).toMatchObject([
        { name: 'deduct-balance' },
      ]);
    });
    await expectLocked();
    await eventually(async () => expect(await stateOf()).toMatchObject({ status: 'PARKED' }));
    expect((await stateOf()).parkedReason).toContain('balance.refund');
    await expectLocked();
    expect(await user.balance()).toBe(500_000 - held.price.amount);

    // The refund gets through after all: the saga ends, and only now the seat is free to be worked on.
    await system.topics.caughtUp();
    const refund = system.topics
      .ofSaga(paying.body.sagaId)
      .find(({ headers }) => headers.ce_type === 'balance.refund');
    const { ce_fault: _, ...headers } = refund?.raw.headers ?? {};
    await system.topics.produce('balance.commands', {
      ...(refund?.raw as NonNullable<typeof refund>['raw']),
      headers,
    });
    await eventually(async () => expect(await stateOf()).toMatchObject({ status: 'COMPENSATED' }));
    await expectUnlocked(system, held.concertSeatId);
    expect(await user.balance()).toBe(500_000);
    expect(await rival.reserve(held.concertSeatId, { queueToken })).toMatchObject({
      status: 409,
      body: { code: 'seat-taken' },
    });
  });
});

describe('a hold in which', () => {
  test.each([
    ['token.claim=reject', 'TokenVerificationFailed', []],
    ['reservation.load-seat=reject', 'SeatLoadFailed', ['token.release']],
    ['balance.load-user=timeout', 'UserLoadFailed', ['token.release']],
    ['reservation.hold=reject', 'ReservationCreationFailed', ['token.release']],
    ['reservation.hold=timeout', 'ReservationCreationFailed', ['reservation.cancel-hold', 'token.release']],
    [
      'reservation.hold=timeout-after',
      'ReservationCreationFailed',
      ['reservation.cancel-hold', 'token.release'],
    ],
  ])('%s ends as %s, and the seat and the token are as before', async (fault, failure, compensations) => {
    const user = await newUser(system.url);
    const seat = nextSeat();
    const queueToken = await user.queue({ concertId: seat.concertId });
    const answer = await user.reserve(seat.concertSeatId, { queueToken, fault });
    expect(answer).toMatchObject({ status: 503, body: { code: 'saga-compensated' } });
    const { sagaId } = answer.body;
    expect((await user.call('GET', `/v1/sagas/${sagaId}`)).body).toMatchObject({
      status: 'COMPENSATED',
      failure: { type: failure },
    });
    await eventually(() => expect(undoTypes(sagaId).sort()).toEqual([...compensations].sort()));
    await expectUnlocked(system, seat.concertSeatId);
    // Held and given back, or never held: whoever follows the events sees the same.
    if (fault === 'reservation.hold=timeout-after')
      await eventually(() =>
        expect([...new Set(eventTypes(sagaId))]).toEqual(['reservation.held', 'reservation.released']),
      );
    expect((await user.reserve(seat.concertSeatId, { queueToken })).status).toBe(201);
  });
});

/** The compensations that a saga has published, in the order of their times. */
const undoTypes = (sagaId: string): string[] => [
  ...new Set(
    system.topics
      .ofSaga(sagaId)
      .filter(({ headers, topic }) => topic.endsWith('.commands') && headers.ce_sagaaction === 'undo')
      .sort(byTime)
      .map(({ headers }) => headers.ce_type as string),
  ),
];

const eventTypes = (sagaId: string): (string | undefined)[] =>
  system.topics
    .ofSaga(sagaId)
    .filter(({ topic }) => topic.endsWith('.events'))
    .map(({ headers }) => headers.ce_type);
