import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** Redis loses the lock in the middle of a payment: the row in Postgres still keeps rivals out. */

let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('forgets', {
    env: { SAGA_STEP_TIMEOUT_MS: '2000', SAGA_STEP_ATTEMPTS: '2', LOCK_LEASE_MS: '3000' },
  });
  nextSeat = await system.seatSource();
});
afterAll(() => system.stop());

test('a rival is still turned away, and the lease is taken anew', async () => {
  const [owner, rival] = await Promise.all([newUser(system.url, 500_000), newUser(system.url)]);
  const held = await hold(owner, nextSeat());
  const queueToken = await rival.queue({ concertId: held.concertId });
  const paying = await owner.pay(held.reservationId, {
    fault: 'payment.create=timeout',
    prefer: 'respond-async',
  });
  const { sagaId } = paying.body;

  const before = await eventually(async () => {
    const locks = await system.locksOf(held.concertSeatId);
    expect(locks).toEqual({ row: sagaId, redis: expect.any(String) });
    return locks;
  });
  const redis = new Redis(process.env.REDIS_URL as string);
  await redis.del(`${system.topicPrefix}lock:seat:${held.concertSeatId}`);
  redis.disconnect();

  expect(await rival.reserve(held.concertSeatId, { queueToken })).toMatchObject({
    status: 409,
    body: { code: 'seat-locked' },
  });
  await eventually(async () => expect(await system.locksOf(held.concertSeatId)).toEqual(before), 5_000);

  await eventually(async () =>
    expect((await owner.call('GET', `/v1/sagas/${sagaId}`)).body.status).toBe('COMPENSATED'),
  );
  await eventually(async () =>
    expect(await system.locksOf(held.concertSeatId)).toEqual({ row: undefined, redis: null }),
  );
  expect(await owner.balance()).toBe(500_000);
});
