import { Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { problemResponses } from '@holdfast/shared/http/problems';
import Type, { type Static } from 'typebox';
import type { OwnSeat } from '../seat-map/own-seats.ts';
import type { SeatMap, Seen } from '../seat-map/seat-map.ts';
import { OwnSeatStatuses, SeatStatuses } from '../seat-map/statuses.ts';
import { type Encoded, encoded, encodedHeaders, notModified, sendEncoded } from './encoded.ts';

/** `GET /v1/performances/{performanceId}/seat-map/status`: which seats are available, held and sold. */
export function seatMapStatusRoute(app: App, { seatMap }: { seatMap: SeatMap }): void {
  app.get('/v1/performances/:performanceId/seat-map/status', {
    onRequest: async (request) => {
      if (request.headers.authorization !== undefined) await app.authenticate(request);
    },
    schema: {
      tags: ['seat map'],
      summary: 'Show which seats are available, held and sold',
      description:
        'As it was within the last second. With an access token `mine` says which seats are one’s own, held or bought, as ' +
        'it is this very moment, and `statuses` has them so as well.',
      security: [{}, { bearer: [] }],
      params: Type.Object({ performanceId: Uuid }),
      headers: encodedHeaders,
      response: {
        200: Type.Union([OwnSeatStatuses, SeatStatuses]),
        304: notModified,
        ...problemResponses(
          'validation',
          'unauthenticated',
          'performance-not-found',
          'overloaded',
          'unavailable',
        ),
      },
    },
    handler: async (request, reply) => {
      const { performanceId } = request.params;
      const seen = await seatMap.statuses(performanceId);
      const vary = 'authorization';
      if (request.headers.authorization === undefined)
        return sendEncoded(request, reply, seen.body, { cacheControl: 'public, max-age=1', vary });
      const own = await seatMap.ownSeats({ performanceId, userId: request.user.userId });
      return sendEncoded(request, reply, withOwn(seen, own), { cacheControl: 'private, no-cache', vary });
    },
  });
}

/** The statuses as one sees them who has seats of their own. Compressed for one alone, so lightly. */
function withOwn({ layout, statuses }: Seen, own: readonly OwnSeat[]): Encoded {
  const letters = Buffer.from(statuses.statuses, 'latin1');
  const mine: number[] = [];
  for (const { concertSeatId, status } of own) {
    const index = layout.indexOf.get(concertSeatId);
    if (index === undefined) continue;
    mine.push(index);
    letters.write(status, index, 'latin1');
  }
  const body: Static<typeof OwnSeatStatuses> = {
    ...statuses,
    statuses: letters.toString('latin1'),
    mine: mine.sort((a, b) => a - b),
  };
  return encoded(JSON.stringify(body), 1);
}
