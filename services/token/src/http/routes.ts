import type { App } from '@holdfast/shared/http/app';
import type { Knex } from 'knex';
import type { Places } from '../places.ts';
import type { Policy } from '../policy.ts';
import type { ReservationService } from '../reservation-service.ts';
import { issueTokenRoute } from './issue-token.ts';
import type { Limits } from './limits.ts';
import type { Listeners } from './listeners.ts';
import { ownTokenRoutes } from './own-token.ts';
import { placeEventsRoute } from './place-events.ts';
import { queuePolicyRoutes } from './queue-policy.ts';

/** All that the token service answers over HTTP. */
export function routes(
  app: App,
  needs: {
    db: Knex;
    places: Places;
    listeners: Listeners;
    reservations: ReservationService;
    policy: Policy;
    limits: Limits;
    wakeOutbox: () => void;
  },
): void {
  issueTokenRoute(app, needs);
  ownTokenRoutes(app, needs);
  placeEventsRoute(app, needs);
  queuePolicyRoutes(app, needs);
}
