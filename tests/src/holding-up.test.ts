import { randomUUID } from 'node:crypto';
import { partitionOf } from '@holdfast/shared/messaging/kafka';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bugInLedger } from './support/bug.ts';
import { newUser, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';
import { lettersOf } from './support/topics.ts';

/** A command that fails is tried again for a while, and doesn't hold up for long who comes after it. */

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem('holding-up');
});
afterAll(() => system.stop());

function deduct(user: User) {
  const sagaId = randomUUID();
  return {
    sagaId,
    record: {
      key: Buffer.from(user.userId),
      value: Buffer.from(JSON.stringify({ userId: user.userId, price: { amount: 1, currency: 'KRW' } })),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ce_specversion: '1.0',
        ce_id: `${sagaId}/deduct-balance/do`,
        ce_type: 'balance.deduct',
        ce_source: '/holdfast/orchestrator',
        ce_time: new Date().toISOString(),
        ce_sagaid: sagaId,
        ce_sagano: '1000000',
        ce_sagastep: 'deduct-balance',
        ce_sagaaction: 'do',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    },
  };
}

test('behind a command that always fails, those of other users on its partition are done soon', async () => {
  const unlucky = await newUser(system.url, 1_000);
  let lucky = await newUser(system.url, 1_000);
  while (partitionOf(lucky.userId) !== partitionOf(unlucky.userId)) lucky = await newUser(system.url, 1_000);
  const bug = await bugInLedger(system, unlucky.userId, 'deduct');

  const failing = [deduct(unlucky), deduct(unlucky)];
  const fine = Array.from({ length: 10 }, () => deduct(lucky));
  const sentAt = Date.now();
  // In one request: they come as one batch, the failing ones first and in the midst.
  await system.topics.produceAll(
    'balance.commands',
    [failing[0], ...fine.slice(0, 5), failing[1], ...fine.slice(5)].map(
      (one) => (one as (typeof fine)[0] & object).record,
    ),
  );
  await eventually(async () => expect(await lucky.balance()).toBe(990));
  // Each failing one is tried five times, 50 to 400 ms apart.
  expect(Date.now() - sentAt).toBeLessThan(15_000);
  expect(await unlucky.balance()).toBe(1_000);

  const letters = await eventually(() => {
    const found = lettersOf(system.topics, 'balance.commands');
    expect(found).toHaveLength(2);
    return found;
  });
  for (const [i, { headers, raw, key }] of letters.entries()) {
    const { record } = failing[i] as (typeof fine)[0];
    expect(key).toBe(unlucky.userId);
    expect(raw.value).toEqual(record.value);
    expect(headers).toMatchObject({ ...record.headers, dlq_group: 'balance', dlq_attempts: '5' });
    expect(Date.parse(headers.dlq_last_failure ?? '')).toBeGreaterThan(
      Date.parse(headers.dlq_first_failure ?? ''),
    );
  }
  await bug.mend();
});
