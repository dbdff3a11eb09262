import { Currency, Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import type { Database } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { keyAfter, Page, PageQuery, pageOf } from '@holdfast/shared/http/page';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import Type, { type Static } from 'typebox';
import { listEntries, readAccount } from '../rows.ts';
import { type Kind, signed } from '../transfers.ts';

const Shown = Type.Enum(['charge', 'payment', 'refund'], {
  description: 'payment: taken for one; refund: back, since that payment failed or was taken back',
});

/** What users call it. */
const shownAs: Record<Kind, Static<typeof Shown>> = {
  charge: 'charge',
  deduct: 'payment',
  refund: 'refund',
  credit: 'refund',
};

const Entry = Type.Object({
  entryId: Uuid,
  kind: Shown,
  amount: Type.Integer({ description: 'minor units: above zero what came in, below zero what went out' }),
  currency: Currency,
  balanceAfter: Type.Integer({ minimum: 0, description: 'minor units' }),
  at: Timestamp,
  reservationId: Type.Optional(Type.String({ ...Uuid, description: 'what it was paid for' })),
});

/** Sorts by the entry's number, down from the largest. */
const Key = Type.Tuple([Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })]);

/** `GET /v1/balance/entries`: what has made the caller's own balance what it is, the newest first. */
export function entryRoutes(app: App, { db }: { db: Database }): void {
  app.get('/v1/balance/entries', {
    onRequest: app.authenticate,
    schema: {
      tags: ['balance'],
      summary: "List what has changed one's own balance, the newest first",
      querystring: PageQuery({ default: 50, maximum: 200 }),
      response: {
        200: Page(Entry),
        ...problemResponses('validation', 'unauthenticated', 'user-not-found', 'overloaded', 'unavailable'),
      },
    },
    handler: async ({ user: { userId }, query: { cursor, limit } }) => {
      const [before] = keyAfter(Key, cursor, [Number.MAX_SAFE_INTEGER]);
      const entries = await listEntries(db, userId, { before, limit: limit + 1 });
      if (entries.length === 0 && !(await readAccount(db, userId)))
        throw problem('user-not-found', 'You have no account.');
      const { items, ...more } = pageOf(entries, limit, ({ entryNo }) => [entryNo]);
      return {
        items: items.map((entry) => ({
          entryId: entry.entryId,
          kind: shownAs[entry.kind],
          amount: signed(entry),
          currency: entry.currency,
          balanceAfter: entry.balanceAfter,
          at: entry.at.toISOString(),
          ...(entry.reservationId !== null && { reservationId: entry.reservationId }),
        })),
        ...more,
      };
    },
  });
}
