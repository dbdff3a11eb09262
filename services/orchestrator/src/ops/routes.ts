import type { App } from '@holdfast/shared/http/app';
import type { RawRecord } from '@holdfast/shared/messaging/cloud-event';
import type { Redis } from 'ioredis';
import { auditRoute } from './audit/routes.ts';
import { letterChangeRoutes } from './dead-letters/change-routes.ts';
import type { Judge } from './dead-letters/judge.ts';
import { letterReadRoutes } from './dead-letters/routes.ts';
import { type DevConfig, devOperatorRoute } from './dev-operators.ts';
import type { ExamineNeeds } from './doctor/examine.ts';
import { doctorRoute } from './doctor/routes.ts';
import { ledgerRoutes } from './ledger/routes.ts';
import { lockRoutes } from './locks/routes.ts';
import { meRoute } from './operator.ts';
import { overviewRoutes } from './overview/routes.ts';
import type { OverviewSource } from './overview/watch.ts';
import { replayRoutes } from './replays/routes.ts';
import type { DecideNeeds } from './sagas/decide.ts';
import { sagaOperationRoutes } from './sagas/routes.ts';

/** The operators' API. Every route takes an access token with a role; what changes something, the role `operator`. */
export function opsRoutes(
  app: App,
  needs: ExamineNeeds &
    DecideNeeds & {
      config: DevConfig;
      judge: Judge;
      overview: OverviewSource;
      lockNodes: readonly Redis[];
      lockPrefix: string;
      publish: (records: RawRecord[]) => Promise<void>;
    },
): void {
  meRoute(app);
  overviewRoutes(app, needs);
  doctorRoute(app, needs);
  sagaOperationRoutes(app, needs);
  lockRoutes(app, needs);
  ledgerRoutes(app, needs);
  letterReadRoutes(app, needs);
  letterChangeRoutes(app, needs);
  replayRoutes(app, needs);
  auditRoute(app, needs);
  devOperatorRoute(app, needs.config);
}
