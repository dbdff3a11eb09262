import { Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import { type Database, query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { keyAfter, Page, PageQuery, pageOf } from '@holdfast/shared/http/page';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import Type, { type Static } from 'typebox';

const Performance = Type.Object({ performanceId: Uuid, startsAt: Timestamp });

/** When it starts, in milliseconds since the epoch, as far as a Date goes. */
const Key = Type.Tuple([Type.Integer({ minimum: 0, maximum: 8.64e15 }), Uuid]);
const start: Static<typeof Key> = [0, '00000000-0000-0000-0000-000000000000'];

/** `GET /v1/concerts/{concertId}/performances`. */
export function performanceRoutes(app: App, { db }: { db: Database }): void {
  app.get('/v1/concerts/:concertId/performances', {
    schema: {
      tags: ['catalogue'],
      summary: "List a concert's performances, by when they start",
      params: Type.Object({ concertId: Uuid }),
      querystring: PageQuery({ default: 50, maximum: 500 }),
      response: {
        200: Page(Performance),
        ...problemResponses('validation', 'concert-not-found', 'overloaded', 'unavailable'),
      },
    },
    handler: async ({ params: { concertId }, query: { cursor, limit } }) => {
      const [startsAfter, idAfter] = keyAfter(Key, cursor, start);
      const [concert] = await query(db, 'select from concert where concert_id = ?', [concertId]);
      if (!concert) throw problem('concert-not-found');
      const rows = await query<{ performanceId: string; startsAt: Date }>(
        db,
        `select performance_id as "performanceId", starts_at as "startsAt" from performance
         where concert_id = ? and (starts_at, performance_id) > (?, ?)
         order by starts_at, performance_id limit ?`,
        [concertId, new Date(startsAfter), idAfter, limit + 1],
      );
      const performances = rows.map((row) => ({ ...row, startsAt: row.startsAt.toISOString() }));
      return pageOf(performances, limit, ({ startsAt, performanceId }) => [
        Date.parse(startsAt),
        performanceId,
      ]);
    },
  });
}
