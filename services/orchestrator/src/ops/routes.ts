import type { App } from '@holdfast/shared/http/app';
import { auditRoute } from './audit/routes.ts';
import { letterChangeRoutes, letterReadRoutes } from './dead-letters/routes.ts';
import { type DevConfig, devOperatorRoute } from './dev-operators.ts';
import { doctorRoute } from './doctor/routes.ts';
import { lockRoutes } from './locks/routes.ts';
import { meRoute } from './operator.ts';
import { overviewRoutes } from './overview/routes.ts';
import { replayRoutes } from './replays/routes.ts';
import { sagaOperationRoutes } from './sagas/routes.ts';

/** The operators' API. Every route takes an access token with a role; what changes something, the role `operator`. */
export function opsRoutes(app: App, { config }: { config: DevConfig }): void {
  meRoute(app);
  overviewRoutes(app);
  doctorRoute(app);
  sagaOperationRoutes(app);
  lockRoutes(app);
  letterReadRoutes(app);
  letterChangeRoutes(app);
  replayRoutes(app);
  auditRoute(app);
  devOperatorRoute(app, config);
}
