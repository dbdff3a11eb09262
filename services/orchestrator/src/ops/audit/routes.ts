import type { App } from '@holdfast/shared/http/app';
import { Page, PageQuery } from '@holdfast/shared/http/page';
import { problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import { commonProblems, viewers } from '../operator.ts';
import { pending } from '../pending.ts';
import { AuditEntry, auditFilter } from './shapes.ts';

/** `GET /ops/v1/audit`: who changed what, when and why. */
export function auditRoute(app: App): void {
  app.get('/ops/v1/audit', {
    onRequest: viewers(app),
    schema: {
      tags: ['audit'],
      summary: 'Who changed what, when and why; the newest first. The same is on the topic ops.audit',
      querystring: Type.Object({ ...auditFilter, ...PageQuery({ default: 50, maximum: 500 }).properties }),
      response: { 200: Page(AuditEntry), ...problemResponses(...commonProblems) },
    },
    handler: pending,
  });
}
