import { LedgerChecks, NewLedgerCheck, operationPaths } from '@holdfast/shared/contracts/operations';
import type { App } from '@holdfast/shared/http/app';
import { problemResponses } from '@holdfast/shared/http/problems';
import { requireOperator, requireViewer } from '@holdfast/shared/http/roles';
import type { Knex } from 'knex';
import type { Config } from '../config.ts';
import { beginNow, listChecks } from '../ledger-check/check.ts';

export type LedgerCheckConfig = Pick<Config, 'LEDGER_CHECK_EVERY_MS'>;

const tags = ['operations'];
const problems = problemResponses('validation', 'unauthenticated', 'forbidden', 'unavailable');

/** What the orchestrator asks for its operators. The gateway doesn't lead here. */
export function ledgerCheckRoutes(
  app: App,
  { db, config: { LEDGER_CHECK_EVERY_MS: everyMs } }: { db: Knex; config: LedgerCheckConfig },
): void {
  app.get(operationPaths.ledgerChecks, {
    onRequest: [app.authenticate, requireViewer],
    schema: {
      tags,
      summary: 'The last checks of the ledger',
      response: { 200: LedgerChecks, ...problems },
    },
    handler: () => listChecks(db, everyMs),
  });

  app.post(operationPaths.ledgerChecks, {
    onRequest: [app.authenticate, requireOperator],
    schema: {
      tags,
      summary: 'Begin a check of the ledger, in the place of one that is under way',
      body: NewLedgerCheck,
      response: { 202: LedgerChecks, ...problems },
    },
    handler: async ({ body: { full = false } }, reply) => {
      await beginNow(db, { full });
      return reply.code(202).send(await listChecks(db, everyMs));
    },
  });
}
