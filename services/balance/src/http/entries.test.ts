import { randomUUID } from 'node:crypto';
import { deduct, refund } from '@holdfast/shared/contracts/balance';
import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import { migrate } from '@holdfast/shared/database/migrate';
import { inTransaction, runAll } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import type { Inbox } from '@holdfast/shared/participant/decide';
import { hasRun, todo, undo } from '@holdfast/shared/testing/commands';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { changes, load } from '../rows.ts';
import { migrations } from '../schema.ts';
import { openAccount } from '../testing/accounts.ts';
import { buildApi, call } from '../testing/api.ts';
import { apply, krw } from '../testing/batch.ts';

let db: Knex;
let drop: () => Promise<void>;
let app: App;
beforeAll(async () => {
  ({ db, drop } = await createTestDatabase());
  await migrate(db, migrations);
  app = await buildApi(db);
});
afterAll(async () => {
  await app.close();
  await drop();
});

const charge = (userId: string, amount: number) =>
  call(app, 'POST', '/v1/balance/charges', { userId, key: randomUUID(), body: krw(amount) });

const process = (command: CommandMessage, inbox?: Inbox) =>
  inTransaction(db, async (tx) => {
    const state = await load(tx, [command]);
    apply(state, [command], inbox);
    await runAll(tx, changes(state));
  });

type Entries = { items: Record<string, unknown>[]; nextCursor?: string };
const list = async (userId: string, query = ''): Promise<Entries> => {
  const { status, body } = await call(app, 'GET', `/v1/balance/entries${query}`, { userId });
  expect(status).toBe(200);
  return body as Entries;
};

describe('GET /v1/balance/entries', () => {
  test('shows what has changed the balance, the newest first, with what was paid for', async () => {
    const userId = await openAccount(db, 0);
    await charge(await openAccount(db, 7), 7);
    await charge(userId, 1_000);
    const by = { sagaId: randomUUID(), sagaNo: 1 };
    const reservationId = randomUUID();
    const payment = todo(deduct, { userId, price: krw(300), reservationId }, by);
    await process(payment);
    await process(undo(refund, { userId }, by), hasRun(payment));

    const common = { entryId: expect.any(String), currency: 'KRW', at: expect.any(String) };
    expect(await list(userId)).toEqual({
      items: [
        { ...common, kind: 'refund', amount: 300, balanceAfter: 1_000, reservationId },
        { ...common, kind: 'payment', amount: -300, balanceAfter: 700, reservationId },
        { ...common, kind: 'charge', amount: 1_000, balanceAfter: 1_000 },
      ],
    });
  });

  test('goes on by a cursor, without a gap or a repeat while entries come', async () => {
    const userId = await openAccount(db, 0);
    for (let amount = 1; amount <= 5; amount++) await charge(userId, amount);
    const first = await list(userId, '?limit=2');
    await charge(userId, 6);
    const second = await list(userId, `?limit=2&cursor=${first.nextCursor}`);
    const third = await list(userId, `?limit=2&cursor=${second.nextCursor}`);
    const amounts = [first, second, third].map(({ items }) => items.map(({ amount }) => amount));
    expect(amounts).toEqual([[5, 4], [3, 2], [1]]);
    expect(third).not.toHaveProperty('nextCursor');
  });

  test('is empty for who has never charged, and nothing for who has no account', async () => {
    expect(await list(await openAccount(db, 0))).toEqual({ items: [] });
    expect(await call(app, 'GET', '/v1/balance/entries', { userId: randomUUID() })).toMatchObject({
      status: 404,
      body: { code: 'user-not-found' },
    });
    expect(await call(app, 'GET', '/v1/balance/entries')).toMatchObject({ status: 401 });
  });

  test.each(['?limit=0', '?limit=201', '?cursor=x', `?cursor=${Buffer.from('[0]').toString('base64url')}`])(
    'refuses %s',
    async (query) => {
      const userId = await openAccount(db, 1);
      expect(await call(app, 'GET', `/v1/balance/entries${query}`, { userId })).toMatchObject({
        status: 400,
        body: { code: 'validation' },
      });
    },
  );
});
