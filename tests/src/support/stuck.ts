import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { bugInLedger } from './bug.ts';
import { hold, newUser, type Seat } from './client.ts';
import { eventually } from './eventually.ts';
import type { TestSystem } from './system.ts';

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
  // Parked by the clock: the refund may still be tried, and would succeed once the ledger is mended.
  await eventually(() =>
    expect(system.topics.ofSaga(sagaId).map(({ topic }) => topic)).toContain('balance.commands.dlq'),
  );
  return { sagaId, userId: user.userId, balance: user.balance, mend };
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
