import { Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import { SeatMap as SeatMapBody } from '../seat-map/layout.ts';
import type { SeatMap } from '../seat-map/seat-map.ts';
import { encodedHeaders, notModified, sendEncoded } from './encoded.ts';

/** `GET /v1/performances/{performanceId}/seat-map`: the layout of all seats, which doesn't change. */
export function seatMapRoute(app: App, { seatMap }: { seatMap: SeatMap }): void {
  app.get('/v1/performances/:performanceId/seat-map', {
    schema: {
      tags: ['seat map'],
      summary: "Show the layout of a performance's seats",
      description:
        'All seats, in the order in which `…/seat-map/status` and `…/seat-map/events` count them. It is the same for ' +
        'everybody, and may be kept: where `version` in one of those is another, load it anew.',
      params: Type.Object({ performanceId: Uuid }),
      headers: encodedHeaders,
      response: {
        200: SeatMapBody,
        304: notModified,
        ...problemResponses('validation', 'performance-not-found', 'overloaded', 'unavailable'),
      },
    },
    handler: async (request, reply) => {
      const { body } = await seatMap.layout(request.params.performanceId);
      return sendEncoded(request, reply, body, {
        cacheControl: 'public, max-age=300, stale-while-revalidate=86400',
      });
    },
  });
}
