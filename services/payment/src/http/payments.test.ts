import { randomUUID } from 'node:crypto';
import { migrate } from '@holdfast/shared/database/migrate';
import { inTransaction, runAll } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { bearer, buildTestApp } from '@holdfast/shared/testing/api';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { changes } from '../rows.ts';
import { migrations } from '../schema.ts';
import { type Payment, put, stateOf } from '../state.ts';
import { payload } from '../testing/batch.ts';
import { paymentRoutes } from './payments.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let app: App;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.db, migrations);
  app = await buildTestApp((app) => paymentRoutes(app, database));
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function insert(own: Partial<Payment>): Promise<Payment> {
  const ids = { paymentId: randomUUID(), reservationId: randomUUID(), sagaId: randomUUID() };
  const payment: Payment = { ...payload, ...ids, status: 'COMPLETED', refundingSaga: null, ...own };
  const state = stateOf([]);
  put(state, payment);
  await inTransaction(database.db, (tx) => runAll(tx, changes(state)));
  return payment;
}

async function get(paymentId: string, userId?: string) {
  const headers = userId === undefined ? {} : await bearer(userId);
  const response = await app.inject({ url: `/v1/payments/${paymentId}`, headers });
  return { status: response.statusCode, body: response.json() };
}

describe('GET /v1/payments/{paymentId}', () => {
  test.each<Payment['status']>(['COMPLETED', 'CANCELLED'])(
    'shows its owner a payment that is %s',
    async (status) => {
      const { paymentId, reservationId, sagaId, userId } = await insert({ status });
      expect(await get(paymentId, userId)).toEqual({
        status: 200,
        body: {
          paymentId,
          reservationId,
          amount: payload.price.amount,
          currency: payload.price.currency,
          status,
          sagaId,
          createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        },
      });
      expect(await get(paymentId.toUpperCase(), userId)).toMatchObject({ status: 200 });
    },
  );

  test('does not exist for another user, who sees the same as where there is none', async () => {
    const { paymentId } = await insert({});
    const someoneElse = randomUUID();
    const another = await get(paymentId, someoneElse);
    expect(another).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    expect(await get(randomUUID(), someoneElse)).toEqual(another);
  });

  test('is shown to nobody without an access token', async () => {
    const { paymentId } = await insert({});
    expect(await get(paymentId)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  test.each(['1', 'null', `urn:uuid:${randomUUID()}`, `${randomUUID()}0`, '%00', "'--"])(
    'refuses the id %s',
    async (paymentId) => {
      expect(await get(paymentId, randomUUID())).toMatchObject({
        status: 400,
        body: { code: 'validation' },
      });
    },
  );
});
