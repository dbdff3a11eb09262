import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Answer, hold, newUser, type Seat, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** More than there may be under way, with bounds so low that it doesn't take a load to reach them. */

const bound = 5;
let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('overload', {
    env: {
      MAX_SAGAS_IN_FLIGHT: String(bound),
      MAX_REQUESTS_IN_FLIGHT: String(bound),
    },
  });
  nextSeat = await system.seatSource();
}, 120_000);
afterAll(() => system.stop());

function expectRefused({ status, headers, body }: Answer): void {
  expect({ status, code: body.code, retryAfter: headers.get('retry-after') }).toEqual({
    status: 503,
    code: 'overloaded',
    retryAfter: '1',
  });
}

const times = <Result>(count: number, make: () => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, make));

describe('more sagas than there may be', () => {
  test('are refused with Retry-After, also while nobody waits for those under way; another type has its own places', async () => {
    const payer = await newUser(system.url);
    const held = await hold(payer, nextSeat());
    // One after the other: the bounds are for their requests, too.
    const ready: { user: User; seat: Seat; queueToken: string }[] = [];
    while (ready.length <= bound) {
      const user = await newUser(system.url);
      const seat = nextSeat();
      ready.push({ user, seat, queueToken: await user.queue({ concertId: seat.concertId }) });
    }
    // Nobody answers their holds: they are given up and compensated after a while.
    const begun = ready.slice(0, bound).map(({ user, seat, queueToken }) =>
      user.reserve(seat.concertSeatId, {
        queueToken,
        fault: 'reservation.hold=timeout',
        prefer: 'respond-async',
      }),
    );
    for (const { status } of await Promise.all(begun)) expect(status).toBe(202);

    const last = ready.at(-1) as (typeof ready)[number];
    const reserve = () => last.user.reserve(last.seat.concertSeatId, { queueToken: last.queueToken });
    expectRefused(await reserve());
    expect((await payer.pay(held.reservationId)).status).toBe(201);
    // A refusal has changed nothing: the same request goes through once there is room.
    await eventually(async () => expect((await reserve()).status).toBe(201));

    await eventually(async () => {
      const sagas = await system.sql(
        'select distinct status from orchestrator.saga where saga_id = any($1)',
        [(await Promise.all(begun)).map(({ body }) => body.sagaId)],
      );
      expect(sagas).toEqual([{ status: 'COMPENSATED' }]);
    });
  });
});

describe('more requests than there may be', () => {
  test('are refused with Retry-After, and those under way are answered', async () => {
    const user = await newUser(system.url, 1_000);
    const postgres = new pg.Client({ connectionString: system.adminPostgresUrl });
    await postgres.connect();
    await postgres.query('begin');
    await postgres.query('lock table balance.account in access exclusive mode');
    const underWay = times(bound, () => user.call('GET', '/v1/balance'));
    await eventually(async () => {
      const waiting = await system.sql(
        `select 1 from pg_stat_activity
         where application_name = 'balance' and datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(waiting.length).toBeGreaterThanOrEqual(bound);
    });

    expectRefused(await user.call('GET', '/v1/balance'));
    const health = await fetch(`${system.services.balance[0]?.url}/health/live`);
    expect(health.status).toBe(200);
    // Others have room.
    expect((await user.call('GET', '/v1/concerts')).status).toBe(200);

    await postgres.query('rollback');
    await postgres.end();
    for (const { status, body } of await underWay)
      expect({ status, body }).toMatchObject({ status: 200, body: { balance: { amount: 1_000 } } });
    expect((await user.call('GET', '/v1/balance')).status).toBe(200);
  });
});
