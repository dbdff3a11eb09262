import { balanceCharged } from '@holdfast/shared/contracts/balance';
import { Amount, Balance, Currency, maxAmount, Uuid } from '@holdfast/shared/contracts/values';
import { inTransaction, runAll, type Transaction } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { RequiredIdempotencyHeaders } from '@holdfast/shared/http/idempotency';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import Type from 'typebox';
import { moved } from '../events.ts';
import { changes, lockAccount, readCharge } from '../rows.ts';
import { type Entry, move } from '../state.ts';

const Charge = Type.Object(
  { amount: Type.Integer({ ...Amount, minimum: 1 }), currency: Currency },
  { additionalProperties: false },
);

/** `POST /v1/balance/charges`: puts money on the caller's own balance. */
export function chargeRoutes(app: App, { db, wakeOutbox }: { db: Knex; wakeOutbox: () => void }): void {
  app.post('/v1/balance/charges', {
    onRequest: app.authenticate,
    schema: {
      tags: ['balance'],
      summary: "Charge one's own balance",
      headers: RequiredIdempotencyHeaders,
      body: Charge,
      response: {
        201: Type.Object({ chargeId: Uuid, balance: Balance }),
        ...problemResponses(
          'validation',
          'idempotency-key-required',
          'unauthenticated',
          'user-not-found',
          'currency-mismatch',
          'balance-limit-exceeded',
          'idempotency-key-reused',
          'overloaded',
          'unavailable',
        ),
      },
    },
    handler: async ({ body, headers, user, traceparent }, reply) => {
      const { userId } = user;
      const charge = { userId, key: headers['idempotency-key'], ...body, traceparent };
      const { entryId, balanceAfter: amount, currency } = await inTransaction(db, (tx) => once(tx, charge));
      wakeOutbox();
      return reply.code(201).send({ chargeId: entryId, balance: { amount, currency } });
    },
  });
}

/** Charges, unless it was done by the same key: then that is the answer. What comes at once waits for the account. */
async function once(
  tx: Transaction,
  charge: { userId: string; key: string; amount: number; currency: string; traceparent: string },
): Promise<Entry> {
  const { userId, key, amount, currency, traceparent } = charge;
  const state = await lockAccount(tx, userId);
  const account = state.accounts.get(userId);
  if (!account) throw problem('user-not-found', 'You have no account.');

  const before = await readCharge(tx, userId, key);
  if (before?.amount === amount && before.currency === currency) return before;
  if (before) throw problem('idempotency-key-reused', 'The key was used before with another request.');

  if (account.currency !== currency)
    throw problem('currency-mismatch', `Your account is in ${account.currency}.`);
  if (account.balance + amount > maxAmount)
    throw problem('balance-limit-exceeded', `A balance holds ${maxAmount} at most.`);

  const entry = move(state, account, { kind: 'charge', amount, chargeKey: key });
  await runAll(tx, changes(state));
  await enqueue(tx, [moved(balanceCharged, entry)], traceparent);
  return entry;
}
