import { inTransaction } from '@holdfast/shared/database/query';
import type { App } from '@holdfast/shared/http/app';
import { keyAfter, Page, PageQuery, pageOf } from '@holdfast/shared/http/page';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import Type from 'typebox';
import { commonProblems, operatorOf, operators, Reason, viewers } from '../operator.ts';
import { endReplay, findReplay, insertReplay, listReplays } from './rows.ts';
import { NewReplay, Replay, ReplayId, ReplayStatus } from './shapes.ts';

const tags = ['replays'];
const Params = Type.Object({ replayId: ReplayId });
const Key = Type.Tuple([Type.Integer()]);

export function replayRoutes(app: App, { db }: { db: Knex }): void {
  async function find(replayId: number): Promise<Replay> {
    const replay = await findReplay(db, replayId);
    if (!replay) throw problem('replay-not-found', 'There is no such replay.');
    return replay;
  }

  app.post('/ops/v1/replays', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Send dead letters to their topics again',
      description:
        'The letters are settled at once, at most 100,000, and sent at the rate by whichever instance is alive. Each keeps ' +
        'its id, key and headers. One that was replayed 10 times is left out: it goes in circles.',
      body: NewReplay,
      response: { 201: Replay, ...problemResponses(...commonProblems) },
    },
    handler: async ({ body: { select, rate, stopAfter, reason }, user }, reply) => {
      const operator = operatorOf(user);
      const replayId = await inTransaction(db, (tx) =>
        insertReplay(tx, { select, rate, stopAfter, operator, reason }),
      );
      return reply.code(201).send(await find(replayId));
    },
  });

  app.get('/ops/v1/replays', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'List replays, the newest first',
      querystring: PageQuery(
        { default: 20, maximum: 200 },
        {
          status: Type.Optional(ReplayStatus),
        },
      ),
      response: { 200: Page(Replay), ...problemResponses(...commonProblems) },
    },
    handler: async ({ query: { status, cursor, limit } }) => {
      const [before] = keyAfter(Key, cursor, [Number.MAX_SAFE_INTEGER]);
      const replays = await listReplays(db, { status, before, limit: limit + 1 });
      return pageOf(replays, limit, ({ replayId }) => [replayId]);
    },
  });

  app.get('/ops/v1/replays/:replayId', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'How a replay stands',
      params: Params,
      response: {
        200: Replay,
        ...problemResponses(...commonProblems, 'replay-not-found', 'route-not-found'),
      },
    },
    handler: ({ params }) => find(params.replayId),
  });

  app.post('/ops/v1/replays/:replayId/stop', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Stop a replay: what it has not sent is open again. One that has ended stays as it is',
      params: Params,
      body: Type.Object({ reason: Type.Optional(Reason) }, { additionalProperties: false }),
      response: {
        200: Replay,
        ...problemResponses(...commonProblems, 'replay-not-found', 'route-not-found'),
      },
    },
    handler: async ({ params: { replayId }, body, user }) => {
      await find(replayId);
      await inTransaction(db, (tx) =>
        endReplay(tx, replayId, {
          status: 'STOPPED',
          because: body.reason ?? 'stopped by an operator',
          operator: operatorOf(user),
          action: 'replay.stop',
        }),
      );
      return find(replayId);
    },
  });
}
