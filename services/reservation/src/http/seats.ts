import { Money, Uuid } from '@holdfast/shared/contracts/values';
import { type Database, query } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { keyAfter, Page, PageQuery, pageOf, Text } from '@holdfast/shared/http/page';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import Type, { type Static } from 'typebox';
import { statusOfSeat, withHolder } from '../seat-map/seat-status.ts';

const Seat = Type.Object({
  concertSeatId: Uuid,
  section: Type.String(),
  row: Type.Integer(),
  number: Type.Integer(),
  price: Money,
  status: Type.Enum(['AVAILABLE', 'HELD', 'SOLD']),
});
type Seat = Static<typeof Seat>;

const Ordinal = Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 });
const Key = Type.Tuple([Text, Ordinal, Ordinal]);
const start: Static<typeof Key> = ['', 0, 0];

/** `GET /v1/performances/{performanceId}/seats`. */
export function seatRoutes(app: App, { db }: { db: Database }): void {
  app.get('/v1/performances/:performanceId/seats', {
    schema: {
      tags: ['catalogue'],
      summary: "List a performance's seats, by section, row and number",
      params: Type.Object({ performanceId: Uuid }),
      querystring: PageQuery({ default: 50, maximum: 1_000 }),
      response: {
        200: Page(Seat),
        ...problemResponses('validation', 'performance-not-found', 'overloaded', 'unavailable'),
      },
    },
    handler: async ({ params: { performanceId }, query: { cursor, limit } }) => {
      const key = keyAfter(Key, cursor, start);
      const [performance] = await query(db, 'select from performance where performance_id = ?', [
        performanceId,
      ]);
      if (!performance) throw problem('performance-not-found');
      const rows = await query<Seat>(
        db,
        `select s.concert_seat_id as "concertSeatId", s.section, s.row, s.number,
           json_build_object('amount', s.price_amount, 'currency', s.currency) as price,
           ${statusOfSeat} as status
         from concert_seat s ${withHolder}
         where s.performance_id = ? and (s.section, s.row, s.number) > (?, ?, ?)
         order by s.section, s.row, s.number limit ?`,
        [performanceId, ...key, limit + 1],
      );
      return pageOf(rows, limit, ({ section, row, number }) => [section, row, number]);
    },
  });
}
