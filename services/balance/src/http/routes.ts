import type { App } from '@holdfast/shared/http/app';
import type { Knex } from 'knex';
import { balanceRoutes } from './balance.ts';
import { chargeRoutes } from './charges.ts';
import { type DevConfig, devUserRoutes } from './dev-users.ts';
import { entryRoutes } from './entries.ts';
import { type LedgerCheckConfig, ledgerCheckRoutes } from './ledger-checks.ts';

/** All that the balance service answers over HTTP. */
export function routes(
  app: App,
  needs: { db: Knex; config: DevConfig & LedgerCheckConfig; wakeOutbox: () => void },
): void {
  balanceRoutes(app, needs);
  chargeRoutes(app, needs);
  entryRoutes(app, needs);
  ledgerCheckRoutes(app, needs);
  devUserRoutes(app, needs);
}
