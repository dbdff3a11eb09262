import type { App } from '@holdfast/shared/http/app';
import { Page, PageQuery } from '@holdfast/shared/http/page';
import { problemResponses } from '@holdfast/shared/http/problems';
import { commonProblems, viewers } from '../operator.ts';
import { pending } from '../pending.ts';
import { HeldLock } from './shapes.ts';

/** `GET /ops/v1/locks`: who holds what since when, in Postgres and in Redis. */
export function lockRoutes(app: App): void {
  app.get('/ops/v1/locks', {
    onRequest: viewers(app),
    schema: {
      tags: ['locks'],
      summary: 'List the locks that are held, by their key',
      querystring: PageQuery({ default: 100, maximum: 500 }),
      response: { 200: Page(HeldLock), ...problemResponses(...commonProblems) },
    },
    handler: pending,
  });
}
