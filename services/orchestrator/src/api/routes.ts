import type { App } from '@holdfast/shared/http/app';
import type { Knex } from 'knex';
import { paymentRoutes } from './payments.ts';
import { refundRoutes } from './refunds.ts';
import { reservationRoutes } from './reservations.ts';
import type { Reserved } from './reserved.ts';
import { sagaRoutes } from './sagas.ts';
import type { StartSaga } from './start-saga.ts';

/** The part of the public API that the sagas answer. */
export function routes(
  app: App,
  needs: { startSaga: StartSaga; faults: boolean; maxSeats: number; reserved: Reserved; db: Knex },
): void {
  reservationRoutes(app, needs);
  paymentRoutes(app, needs);
  refundRoutes(app, needs);
  sagaRoutes(app, needs);
}
