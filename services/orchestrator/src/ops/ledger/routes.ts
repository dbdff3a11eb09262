import { LedgerChecks, NewLedgerCheck } from '@holdfast/shared/contracts/operations';
import type { App } from '@holdfast/shared/http/app';
import { problemResponses } from '@holdfast/shared/http/problems';
import { commonProblems, operators, viewers } from '../operator.ts';
import { callerOf, type Participants } from '../participants.ts';

const tags = ['ledger'];

/** `/ops/v1/ledger/checks`: whether the balances are what the ledger makes them, as the balance service finds. */
export function ledgerRoutes(app: App, { participants }: { participants: Participants }): void {
  app.get('/ops/v1/ledger/checks', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'List the last checks of the ledger, the newest first',
      response: { 200: LedgerChecks, ...problemResponses(...commonProblems) },
    },
    handler: (request) => participants.ledgerChecks(callerOf(request)),
  });

  app.post('/ops/v1/ledger/checks', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Begin a check of the ledger now, in the place of one that is under way',
      body: NewLedgerCheck,
      response: { 202: LedgerChecks, ...problemResponses(...commonProblems) },
    },
    handler: async (request, reply) => {
      const { full = false } = request.body;
      return reply.code(202).send(await participants.beginLedgerCheck({ full }, callerOf(request)));
    },
  });
}
