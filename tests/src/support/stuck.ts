import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { bugInLedger } from './bug.ts';
import { hold, newUser, type Seat } from './client.ts';
import { eventually } from './eventually.ts';
import type { TestSystem } from './system.ts';
import { originOf } from './topics.ts';

/** What an operator is called for. */

/** A payment whose refund fails in the ledger, so that it is in the dead letters, and the saga is parked. */
export async function parkedPayment(system: TestSystem, seat: Seat) {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, seat);
  const { mend } = await bugInLedger(system, user.userId, 'refund');
  const { body } = await user.pay(held.reservationId, {
    fault: 'payment.create=reject',
    prefer: 'respond-async',
  });
  const sagaId: string = body.sagaId;
  await eventually(async () =>
    expect((await user.call('GET', `/v1/sagas/${sagaId}`)).body.status).toBe('PARKED'),
  );
  await allGivenUp(system, sagaId);
  return { sagaId, userId: user.userId, balance: user.balance, mend };
}

/** One that is still being tried would succeed as soon as the ledger is mended, and end the saga by itself. */
async function allGivenUp({ topics }: TestSystem, sagaId: string): Promise<void> {
  await topics.caughtUp();
  const refundsOn = (topic: string) =>
    topics.ofSaga(sagaId).filter((seen) => seen.topic === topic && seen.headers.ce_type === 'balance.refund');
  await eventually(() => {
    const givenUp = refundsOn('balance.commands.dlq').map(originOf);
    for (const { partition, offset } of refundsOn('balance.commands'))
      expect(givenUp).toContain(`${partition}/${offset}`);
  });
}

/** A command that can never be read, of a saga that nobody knows. */
export async function poison(system: TestSystem): Promise<void> {
  const [sagaId, userId] = [randomUUID(), randomUUID()];
  await system.topics.produce('balance.commands', {
    key: Buffer.from(userId),
    value: Buffer.from(JSON.stringify({ userId, price: { amount: -1, currency: 'KRW' } })),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: `${sagaId}/deduct-balance/do`,
      ce_type: 'balance.deduct',
      ce_source: '/holdfast/orchestrator',
      ce_time: new Date().toISOString(),
      ce_sagaid: sagaId,
      ce_sagano: '1000000',
      ce_sagastep: 'deduct-balance',
      ce_sagaaction: 'do',
    },
  });
}
