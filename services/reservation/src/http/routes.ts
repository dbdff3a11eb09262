import type { Database } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { concertRoutes } from './concerts.ts';
import { performanceRoutes } from './performances.ts';
import { reservationRoutes } from './reservations.ts';
import { seatRoutes } from './seats.ts';

/** The service's HTTP API. */
export function routes(app: App, needs: { db: Database }): void {
  concertRoutes(app, needs);
  performanceRoutes(app, needs);
  seatRoutes(app, needs);
  reservationRoutes(app, needs);
}
