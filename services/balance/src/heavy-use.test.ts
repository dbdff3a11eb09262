import { randomUUID } from 'node:crypto';
import { deduct, refund } from '@holdfast/shared/contracts/balance';
import type { Money } from '@holdfast/shared/contracts/values';
import { connectDatabase } from '@holdfast/shared/database/connect';
import { isPassing } from '@holdfast/shared/database/faults';
import { migrate } from '@holdfast/shared/database/migrate';
import { query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { isInboxConflict } from '@holdfast/shared/participant/inbox';
import { processor } from '@holdfast/shared/participant/process';
import { postgresStore } from '@holdfast/shared/participant/store';
import { todo, undo } from '@holdfast/shared/testing/commands';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { beginNow, goOn } from './ledger-check/check.ts';
import { balanceParticipant } from './participant.ts';
import { migrations } from './schema.ts';
import { balanceOf, openAccount, unbalanced } from './testing/accounts.ts';
import { buildApi, call } from './testing/api.ts';
import { krw } from './testing/batch.ts';

/** One user under heavy use on two instances: never below zero, and never off by a unit. */

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let instances: { db: Knex; app: App; process: ReturnType<typeof processor> }[];

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.db, migrations);
  instances = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const db = connectDatabase({ url: database.url, pool: 10, name });
      const process = processor({
        service: 'balance',
        handlers: balanceParticipant.handlers,
        store: postgresStore(db, balanceParticipant),
        publish: async () => undefined,
        crash: async () => undefined,
        faults: false,
      });
      return { db, app: await buildApi(db), process };
    }),
  );
});
afterAll(async () => {
  for (const { app, db } of instances) {
    await app.close();
    await db.destroy();
  }
  await database.drop();
});

/** As the consumer does it: what fails is tried again; the other instance may have done a part of it meanwhile. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) && !isInboxConflict(error)) throw error;
    }
}

test('charges, payments and refunds at once, each of them twice', async () => {
  const { db } = database;
  const userId = await openAccount(db, 500);
  let sagaNo = 0;
  /** Takes, and where `fails` gives it back; both instances get all of it, in pieces of their own. */
  const payments = Array.from({ length: 120 }, (_, i) => {
    const by = { sagaId: randomUUID(), sagaNo: ++sagaNo };
    const fails = i % 3 === 0;
    const take = todo(deduct, { userId, price: krw(10 + (i % 7)) }, by);
    return { fails, take, commands: [take, ...(fails ? [undo(refund, { userId }, by)] : [])] };
  });
  const keys = Array.from({ length: 60 }, (_, i) => ({ key: randomUUID(), amount: (i % 5) + 1 }));

  const work = instances.flatMap(({ app, process }, instance) => {
    const size = instance === 0 ? 7 : 5;
    const pieces = Array.from({ length: Math.ceil(payments.length / size) }, (_, i) =>
      payments.slice(i * size, (i + 1) * size).flatMap(({ commands }) => commands),
    );
    return [
      ...[0, 1].map(async (lane) => {
        for (const [i, piece] of pieces.entries()) if (i % 2 === lane) await patiently(() => process(piece));
      }),
      ...[0, 1].map(async (lane) => {
        for (const [i, { key, amount }] of keys.entries())
          if (i % 2 === lane) {
            const body = krw(amount);
            const { status } = await call(app, 'POST', '/v1/balance/charges', { userId, key, body });
            expect(status).toBe(201);
          }
      }),
    ];
  });
  let going = true;
  const watching = (async () => {
    while (going) {
      await beginNow(db, { full: false });
      for (let step = await goOn(db); step !== 'nothing'; step = await goOn(db))
        if (step !== 'more') expect(step.findings).toEqual([]);
    }
  })();
  await Promise.all(work).finally(() => {
    going = false;
  });
  await watching;

  const stands = await query<{ id: string }>(
    db,
    `select id from inbox where id like '%/do' and stored -> 'reply' ->> 'outcome' = 'done'`,
  );
  const done = new Set(stands.map(({ id }) => id));
  const paid = payments
    .filter(({ fails, take }) => !fails && done.has(take.id))
    .reduce((sum, { take }) => sum + (take.payload.price as Money).amount, 0);
  const charged = 500 + keys.reduce((sum, { amount }) => sum + amount, 0);
  expect(await balanceOf(db, userId)).toBe(charged - paid);
  // The money covers some of the payments and not the others: both have happened.
  expect(done.size).toBeGreaterThan(20);
  expect(done.size).toBeLessThan(payments.length);

  expect(await unbalanced(db)).toEqual([]);
  const [lowest] = await query<{ least: number; charges: number }>(
    db,
    `select min(balance_after) as least, count(*) filter (where kind = 'charge') as charges from ledger`,
  );
  expect(lowest?.least).toBeGreaterThanOrEqual(0);
  expect(lowest?.charges).toBe(1 + keys.length);
  expect(
    await query(
      db,
      `select command_id from ledger where command_id is not null group by 1 having count(*) > 1`,
    ),
  ).toEqual([]);
});
