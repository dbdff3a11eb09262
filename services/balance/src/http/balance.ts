import { Balance } from '@holdfast/shared/contracts/values';
import type { Database } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import { readAccount } from '../rows.ts';

/** `GET /v1/balance`: the caller's own. */
export function balanceRoutes(app: App, { db }: { db: Database }): void {
  app.get('/v1/balance', {
    onRequest: app.authenticate,
    schema: {
      tags: ['balance'],
      summary: "Show one's own balance",
      response: {
        200: Type.Object({ balance: Balance }),
        ...problemResponses('unauthenticated', 'user-not-found', 'overloaded', 'unavailable'),
      },
    },
    handler: async ({ user }) => {
      const account = await readAccount(db, user.userId);
      if (!account) throw problem('user-not-found', 'You have no account.');
      return { balance: { amount: account.balance, currency: account.currency } };
    },
  });
}
