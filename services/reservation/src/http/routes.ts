import type { App } from '@holdfast/shared/http/app';
import type { Knex } from 'knex';
import type { SeatMap } from '../seat-map/seat-map.ts';
import { concertRoutes } from './concerts.ts';
import { performanceRoutes } from './performances.ts';
import { reservationRoutes } from './reservations.ts';
import type { SeatListeners } from './seat-listeners.ts';
import { seatMapRoute } from './seat-map.ts';
import { seatMapEventsRoute } from './seat-map-events.ts';
import { seatMapStatusRoute } from './seat-map-status.ts';
import { seatRoutes } from './seats.ts';

/** The service's HTTP API. */
export function routes(
  app: App,
  needs: { db: Knex; wakeOutbox: () => void; seatMap: SeatMap; listeners: SeatListeners },
): void {
  concertRoutes(app, needs);
  performanceRoutes(app, needs);
  seatRoutes(app, needs);
  seatMapRoute(app, needs);
  seatMapStatusRoute(app, needs);
  seatMapEventsRoute(app, needs);
  reservationRoutes(app, needs);
}
