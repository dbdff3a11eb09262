import type { App } from '@holdfast/shared/http/app';
import { Page, PageQuery } from '@holdfast/shared/http/page';
import { problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import { commonProblems, operators, Reason, viewers } from '../operator.ts';
import { pending } from '../pending.ts';
import { NewReplay, Replay, ReplayId, ReplayStatus } from './shapes.ts';

const tags = ['replays'];
const Params = Type.Object({ replayId: ReplayId });

export function replayRoutes(app: App): void {
  app.post('/ops/v1/replays', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Send dead letters to their topics again',
      description:
        'The letters are settled at once, and sent at the rate by whichever instance is alive. Each keeps its id, key and ' +
        'headers. One that was replayed 10 times is left out: it goes in circles.',
      body: NewReplay,
      response: { 201: Replay, ...problemResponses(...commonProblems) },
    },
    handler: pending,
  });

  app.get('/ops/v1/replays', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'List replays, the newest first',
      querystring: Type.Object({
        status: Type.Optional(ReplayStatus),
        ...PageQuery({ default: 20, maximum: 200 }).properties,
      }),
      response: { 200: Page(Replay), ...problemResponses(...commonProblems) },
    },
    handler: pending,
  });

  app.get('/ops/v1/replays/:replayId', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'How a replay stands',
      params: Params,
      response: { 200: Replay, ...problemResponses(...commonProblems, 'replay-not-found') },
    },
    handler: pending,
  });

  app.post('/ops/v1/replays/:replayId/stop', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Stop a replay: what it has not sent is open again',
      params: Params,
      body: Type.Object({ reason: Type.Optional(Reason) }, { additionalProperties: false }),
      response: { 200: Replay, ...problemResponses(...commonProblems, 'replay-not-found') },
    },
    handler: pending,
  });
}
