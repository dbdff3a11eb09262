import type { App } from '@holdfast/shared/http/app';
import type { Knex } from 'knex';
import { concertRoutes } from './concerts.ts';
import { performanceRoutes } from './performances.ts';
import { reservationRoutes } from './reservations.ts';
import { seatRoutes } from './seats.ts';

/** The service's HTTP API. */
export function routes(app: App, needs: { db: Knex; wakeOutbox: () => void }): void {
  concertRoutes(app, needs);
  performanceRoutes(app, needs);
  seatRoutes(app, needs);
  reservationRoutes(app, needs);
}
