import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase } from '@holdfast/shared/database/connect';
import { query } from '@holdfast/shared/database/query';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { admitAll } from './admit.ts';
import { placesIn } from './places.ts';
import type { Policy } from './policy.ts';
import { setPolicy } from './queue-policy.ts';
import { hashOf, tokenOf } from './secret.ts';
import { createTokenDatabase, policy } from './testing/database.ts';

/** Two instances of the token service, each with connections of its own, on one database. */

let database: Awaited<ReturnType<typeof createTokenDatabase>>;
let instances: Knex[];
beforeAll(async () => {
  database = await createTokenDatabase();
  instances = [1, 2].map(() => connectDatabase({ url: database.url, pool: 5, name: 'test' }));
});
afterAll(async () => {
  await Promise.all(instances.map((db) => db.destroy()));
  await database.drop();
});

type Admitted = { queueNo: number; at: number };

const admittedIn = async (concertId: string): Promise<Admitted[]> => {
  const rows = await query<{ queueNo: number; expiresAt: Date }>(
    database.db,
    `select queue_no as "queueNo", expires_at as "expiresAt" from token
     where concert_id = ? and status = 'ACTIVE' order by queue_no`,
    [concertId],
  );
  return rows.map(({ queueNo, expiresAt }) => ({
    queueNo,
    at: expiresAt.getTime() - policy.activeTtlMs,
  }));
};

function mostInASecond(admitted: readonly Admitted[]): number {
  const counts = admitted.map(
    ({ at: from }) => admitted.filter(({ at }) => at >= from && at < from + 1_000).length,
  );
  return Math.max(0, ...counts);
}

test('two instances that take people in, let them go and admit at once keep the order and both bounds', async () => {
  const concertId = randomUUID();
  const strict: Policy = { ...policy, maxActive: 70, maxPerSecond: 25 };
  const places = instances.map((db) => placesIn(db, strict));
  let running = true;
  const admitting = instances.map(async (db) => {
    while (running) {
      await admitAll(db, strict);
      await sleep(5);
    }
  });

  const joinings = Array.from({ length: 300 }, async (_, i) => {
    await sleep(i * 4);
    const userId = randomUUID();
    const its = places[i % 2] as (typeof places)[number];
    const { tokenId, status } = await its.join({ userId, concertId, traceparent: 'trace' });
    // Some lose patience.
    if (status === 'WAITING' && i % 5 === 0)
      await its.leave({ userId, tokenHash: hashOf(tokenOf(policy.secret, tokenId)), traceparent: 'trace' });
  });
  await Promise.all(joinings);
  for (let passed = 0; passed < 300 && (await admittedIn(concertId)).length < 70; passed++) await sleep(100);
  await sleep(300);
  running = false;
  await Promise.all(admitting);

  const admitted = await admittedIn(concertId);
  expect(admitted).toHaveLength(70);
  expect(mostInASecond(admitted)).toBeLessThanOrEqual(25);
  const times = admitted.map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  // Nobody who waits came before somebody who is admitted.
  const last = admitted.at(-1)?.queueNo as number;
  const overtaken = await query(
    database.db,
    `select from token where concert_id = ? and status = 'WAITING' and queue_no < ?`,
    [concertId, last],
  );
  expect(overtaken).toHaveLength(0);
  const [line] = await query(
    database.db,
    `select last_no as drawn, admitted, last_no - admitted - gone as waiting,
       (select count(*) from token where concert_id = queue.concert_id and status = 'WAITING') as counted
     from queue where concert_id = ?`,
    [concertId],
  );
  expect(line).toMatchObject({ drawn: 300, admitted: 70 });
  expect((line as { waiting: number }).waiting).toBe((line as { counted: number }).counted);
});

test('a policy is changed while the queue runs, and the next admission of any instance goes by it', async () => {
  const concertId = randomUUID();
  const [one, other] = instances as [Knex, Knex];
  const closed = { ...policy, maxActive: 0 };
  const places = placesIn(one, closed);
  await Promise.all(
    Array.from({ length: 30 }, () => places.join({ userId: randomUUID(), concertId, traceparent: 'trace' })),
  );
  const admitted = async () => {
    await Promise.all(instances.map((db) => admitAll(db, closed)));
    return (await admittedIn(concertId)).length;
  };
  expect(await admitted()).toBe(0);
  await setPolicy(one, concertId, { maxActive: 5, maxPerSecond: 1_000 });
  expect(await admitted()).toBe(5);
  await setPolicy(other, concertId, { maxActive: 100, maxPerSecond: 8 });
  // By the admissions' own times: how many seconds pass here meanwhile depends on the machine.
  let count = await admitted();
  for (; count < 16; count = await admitted()) await sleep(50);
  expect(mostInASecond(await admittedIn(concertId))).toBe(8);
  await setPolicy(one, concertId, { maxActive: 3, maxPerSecond: 1_000 });
  expect(await admitted()).toBe(count);
});
