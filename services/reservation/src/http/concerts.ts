import { Uuid } from '@holdfast/shared/contracts/values';
import { type Database, query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { keyAfter, Page, PageQuery, pageOf, Text } from '@holdfast/shared/http/page';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import Type, { type Static } from 'typebox';

const Concert = Type.Object({ concertId: Uuid, title: Type.String(), venue: Type.String() });
type Concert = Static<typeof Concert>;

const Key = Type.Tuple([Text, Uuid]);
const start: Static<typeof Key> = ['', '00000000-0000-0000-0000-000000000000'];

/** `GET /v1/concerts` and `GET /v1/concerts/{concertId}`. */
export function concertRoutes(app: App, { db }: { db: Database }): void {
  app.get('/v1/concerts', {
    schema: {
      tags: ['catalogue'],
      summary: 'List the concerts, by title',
      querystring: PageQuery({ default: 50, maximum: 500 }),
      response: { 200: Page(Concert), ...problemResponses('validation', 'overloaded', 'unavailable') },
    },
    handler: async ({ query: { cursor, limit } }) => {
      const rows = await query<Concert>(
        db,
        `select concert_id as "concertId", title, venue from concert
         where (title, concert_id) > (?, ?) order by title, concert_id limit ?`,
        [...keyAfter(Key, cursor, start), limit + 1],
      );
      return pageOf(rows, limit, ({ title, concertId }) => [title, concertId]);
    },
  });

  app.get('/v1/concerts/:concertId', {
    schema: {
      tags: ['catalogue'],
      summary: 'Show a concert',
      params: Type.Object({ concertId: Uuid }),
      response: {
        200: Concert,
        ...problemResponses('validation', 'concert-not-found', 'overloaded', 'unavailable'),
      },
    },
    handler: async ({ params }) => {
      const [concert] = await query<Concert>(
        db,
        'select concert_id as "concertId", title, venue from concert where concert_id = ?',
        [params.concertId],
      );
      if (!concert) throw problem('concert-not-found');
      return concert;
    },
  });
}
