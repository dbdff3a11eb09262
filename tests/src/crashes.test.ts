import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hold, newUser, type Seat, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/**
 * Processes that are killed (SIGKILL) at a moment of a payment. Two orchestrators: the one that dies takes its client
 * along, and the other carries the saga to its end.
 */

let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('crashes', {
    instances: { orchestrator: 2 },
    env: {
      // Long enough for a participant to be back: what can complete completes.
      SAGA_STEP_TIMEOUT_MS: '1000',
      SAGA_STEP_ATTEMPTS: '6',
      // Longer than the second orchestrator tries a dead one's request, whose fault would kill it as well.
      LOCK_LEASE_MS: '5000',
      // Nobody waits for it: who comes back has its partitions at once.
      KAFKA_SESSION_TIMEOUT_MS: '120000',
    },
  });
  nextSeat = await system.seatSource();
});
afterAll(() => system.stop());

/** What the test before has killed is back: no more than one of the two orchestrators is ever away. */
beforeEach(async () => {
  for (const { url } of Object.values(system.services).flat())
    await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200), 40_000);
});

const restarts = (service: 'orchestrator' | 'balance' | 'payment' | 'reservation' | 'token') =>
  system.services[service].reduce((sum, process) => sum + process.restarts, 0);

/** Pays without waiting for the answer: with a process killed in the middle there may be none. */
async function payWith(user: User, reservationId: string, fault: string): Promise<string> {
  const queueToken = await eventually(() => user.queue({ reservationId }));
  const key = randomUUID();
  await user.pay(reservationId, { queueToken, key, fault, prefer: 'respond-async' }).catch(() => undefined);
  // The same key finds the saga, whichever orchestrator is asked; where it was never committed, it begins now.
  return eventually(async () => {
    const answer = await user.pay(reservationId, { queueToken, key, prefer: 'respond-async' });
    expect(answer.body.sagaId).toBeDefined();
    return answer.body.sagaId;
  });
}

async function endOf(user: User, sagaId: string) {
  return eventually(async () => {
    const { body } = await user.call('GET', `/v1/sagas/${sagaId}`);
    expect(['COMPLETED', 'COMPENSATED']).toContain(body.status);
    return body;
  }, 40_000);
}

const steps = [
  'verify-token',
  'load-reservation',
  'load-balance',
  'deduct-balance',
  'create-payment',
  'confirm-reservation',
  'end',
];

describe('an orchestrator killed', () => {
  test.each([
    ...steps.flatMap((step) => [
      [step, 'crash-before', 'before the commit that'],
      [step, 'crash-after', 'between the commit and the publication that'],
    ]),
    ['verify-token', 'crash-after-publish', 'after the publication that'],
    ['deduct-balance', 'crash-after-publish', 'after the publication that'],
    ['deduct-balance', 'crash-before-offset', 'before the offset of the reply that'],
    ['end', 'crash-before-offset', 'before the offset of the reply that'],
  ])('at %s with %s (%s decides it): the saga completes', async (step, crash) => {
    const user = await newUser(system.url, 500_000);
    const held = await hold(user, nextSeat());
    const before = restarts('orchestrator');
    const sagaId = await payWith(user, held.reservationId, `orchestrator.${step}=${crash}`);

    expect(await endOf(user, sagaId)).toMatchObject({ status: 'COMPLETED' });
    expect(await user.balance()).toBe(500_000 - held.price.amount);
    expect(await system.locksOf(held.concertSeatId)).toMatchObject({ row: undefined });
    await eventually(() => expect(restarts('orchestrator')).toBe(before + 1));
    await eventually(() =>
      expect(
        system.topics.ofSaga(sagaId).filter(({ headers }) => headers.ce_type === 'payment.completed').length,
      ).toBeGreaterThan(0),
    );
  });

  test.each(['crash-before', 'crash-after'])(
    'with %s of the compensation: it is compensated',
    async (crash) => {
      const user = await newUser(system.url, 500_000);
      const held = await hold(user, nextSeat());
      const fault = `payment.create=reject, orchestrator.compensation=${crash}`;
      const sagaId = await payWith(user, held.reservationId, fault);
      expect(await endOf(user, sagaId)).toMatchObject({ status: 'COMPENSATED' });
      expect(await user.balance()).toBe(500_000);
      expect(await system.locksOf(held.concertSeatId)).toMatchObject({ row: undefined });
    },
  );
});

describe('a participant killed', () => {
  test.each([
    ['token', 'token.claim=crash-before'],
    ['reservation', 'reservation.load=crash-after'],
    ['balance', 'balance.load=crash-after'],
    ['balance', 'balance.deduct=crash-before'],
    ['balance', 'balance.deduct=crash-after'],
    ['balance', 'balance.deduct=crash-after-publish'],
    ['balance', 'balance.deduct=crash-before-offset'],
    ['payment', 'payment.create=crash-before'],
    ['payment', 'payment.create=crash-after'],
    ['reservation', 'reservation.confirm=crash-before'],
    ['reservation', 'reservation.confirm=crash-after'],
  ] as const)('%s, %s: the step is done once, and the saga ends', async (service, fault) => {
    const user = await newUser(system.url, 500_000);
    const held = await hold(user, nextSeat());
    const before = restarts(service);
    const sagaId = await payWith(user, held.reservationId, fault);
    const { status } = await endOf(user, sagaId);
    await eventually(() => expect(restarts(service)).toBe(before + 1));
    expect(await eventually(() => user.balance())).toBe(
      status === 'COMPLETED' ? 500_000 - held.price.amount : 500_000,
    );
    expect(await system.locksOf(held.concertSeatId)).toMatchObject({ row: undefined });
  });

  test.each(['balance.refund', 'payment.cancel'])(
    'in the middle of %s: it is undone once',
    async (command) => {
      const user = await newUser(system.url, 500_000);
      const held = await hold(user, nextSeat());
      const sagaId = await payWith(
        user,
        held.reservationId,
        `reservation.confirm=reject, ${command}=crash-after`,
      );
      expect(await endOf(user, sagaId)).toMatchObject({ status: 'COMPENSATED' });
      expect(await eventually(() => user.balance())).toBe(500_000);
      const refunds = await system.sql(
        `select 1 from balance.ledger where user_id = $1 and kind = 'refund'`,
        [user.userId],
      );
      expect(refunds).toHaveLength(1);
    },
  );
});

test('in the end money is conserved, every saga has ended and no lock is left', async () => {
  await eventually(async () => {
    const [sums] = await system.sql(
      `select (select sum(amount) from balance.ledger where kind = 'charge') as charged,
              (select sum(balance) from balance.account) as balances,
              (select coalesce(sum(amount), 0) from payment.payment where status = 'COMPLETED') as paid`,
    );
    expect(Number(sums.charged)).toBe(Number(sums.balances) + Number(sums.paid));
    expect(
      await system.sql(
        `select status from orchestrator.saga where status not in ('COMPLETED', 'COMPENSATED')`,
      ),
    ).toEqual([]);
    expect(await system.sql('select * from orchestrator.lock')).toEqual([]);
    expect(await system.sql('select 1 from orchestrator.saga where not settled')).toEqual([]);
  });
});
