import { balanceCharged } from '@holdfast/shared/contracts/balance';
import { Amount, Balance, Currency, maxAmount, Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { RequiredIdempotencyHeaders, withIdempotency } from '@holdfast/shared/http/idempotency';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import { enqueue } from '@holdfast/shared/outbox/outbox';
import type { Knex } from 'knex';
import Type from 'typebox';
import { moved } from '../events.ts';
import { lockAccount, save } from '../rows.ts';
import { move } from '../state.ts';

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
      const key = headers['idempotency-key'];
      const request = { userId: user.userId, key, operation: 'charge', body };
      const answer = await withIdempotency(db, request, async (tx) => {
        const state = await lockAccount(tx, user.userId);
        const account = state.accounts.get(user.userId);
        if (!account) throw problem('user-not-found', 'You have no account.');
        if (account.currency !== body.currency)
          throw problem('currency-mismatch', `Your account is in ${account.currency}.`);
        if (account.balance + body.amount > maxAmount)
          throw problem('balance-limit-exceeded', `A balance holds ${maxAmount} at most.`);

        const entry = move(state, account, { kind: 'charge', amount: body.amount, commandId: null });
        await save(tx, state);
        await enqueue(tx, [moved(balanceCharged, entry, account.currency)], traceparent);
        const balance = { amount: entry.balanceAfter, currency: account.currency };
        return { status: 201, body: { chargeId: entry.entryId, balance } };
      });
      wakeOutbox();
      return reply.code(201).send(answer.body);
    },
  });
}
