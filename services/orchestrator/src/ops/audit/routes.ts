import type { App } from '@holdfast/shared/http/app';
import { keyAfter, Page, PageQuery, pageOf } from '@holdfast/shared/http/page';
import { problemResponses } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import Type, { type Static } from 'typebox';
import { commonProblems, viewers } from '../operator.ts';
import { listAudit } from './rows.ts';
import { AuditEntry, auditFilter } from './shapes.ts';

const Key = Type.Tuple([Type.Integer()]);
const start: Static<typeof Key> = [Number.MAX_SAFE_INTEGER];

/** `GET /ops/v1/audit`: who changed what, when and why. */
export function auditRoute(app: App, { db }: { db: Knex }): void {
  app.get('/ops/v1/audit', {
    onRequest: viewers(app),
    schema: {
      tags: ['audit'],
      summary: 'Who changed what, when and why; the newest first. The same is on the topic ops.audit',
      querystring: PageQuery({ default: 50, maximum: 500 }, auditFilter),
      response: { 200: Page(AuditEntry), ...problemResponses(...commonProblems) },
    },
    handler: async ({ query: { cursor, limit, ...filter } }) => {
      const [before] = keyAfter(Key, cursor, start);
      const entries = await listAudit(db, { ...filter, before, limit: limit + 1 });
      return pageOf(entries, limit, ({ auditId }) => [auditId]);
    },
  });
}
