import type { App } from '@holdfast/shared/http/app';
import { keyAfter, Page, PageQuery, pageOf, Text } from '@holdfast/shared/http/page';
import { problemResponses } from '@holdfast/shared/http/problems';
import type { Redis } from 'ioredis';
import type { Knex } from 'knex';
import Type from 'typebox';
import { commonProblems, viewers } from '../operator.ts';
import { listLocks } from './list.ts';
import { HeldLock } from './shapes.ts';

const Key = Type.Tuple([Text]);

/** `GET /ops/v1/locks`: who holds what since when, in Postgres and in Redis. */
export function lockRoutes(
  app: App,
  needs: { db: Knex; lockNodes: readonly Redis[]; lockPrefix: string },
): void {
  app.get('/ops/v1/locks', {
    onRequest: viewers(app),
    schema: {
      tags: ['locks'],
      summary: 'List the locks that are held, by their key',
      querystring: PageQuery({ default: 100, maximum: 500 }),
      response: { 200: Page(HeldLock), ...problemResponses(...commonProblems) },
    },
    handler: async ({ query: { cursor, limit } }) => {
      const { db, lockNodes, lockPrefix: prefix } = needs;
      const [after] = keyAfter(Key, cursor, ['']);
      const locks = await listLocks({ db, lockNodes, prefix }, { after, limit: limit + 1 });
      return pageOf(locks, limit, ({ lockKey }) => [lockKey]);
    },
  });
}
