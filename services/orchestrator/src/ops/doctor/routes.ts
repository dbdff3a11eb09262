import type { App } from '@holdfast/shared/http/app';
import { problemResponses } from '@holdfast/shared/http/problems';
import { commonProblems, viewers } from '../operator.ts';
import { callerOf } from '../participants.ts';
import { type ExamineNeeds, examine } from './examine.ts';
import { Examination } from './shapes.ts';

/** `GET /ops/v1/doctor`: examines the installation. */
export function doctorRoute(app: App, needs: ExamineNeeds): void {
  app.get('/ops/v1/doctor', {
    onRequest: viewers(app),
    schema: {
      tags: ['doctor'],
      summary: 'Examine services, topics, lag, overdue sagas, outboxes, the ledger and clocks',
      response: { 200: Examination, ...problemResponses(...commonProblems) },
    },
    handler: (request) => examine(needs, callerOf(request)),
  });
}
