import { Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { cursorOf, keyAfter, Page, PageQuery } from '@holdfast/shared/http/page';
import { problemResponses } from '@holdfast/shared/http/problems';
import { roleOf } from '@holdfast/shared/http/roles';
import type { FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { commonProblems, operatorOf, operators, viewers } from '../operator.ts';
import { callerOf } from '../participants.ts';
import { type DecideNeeds, decideSaga } from './decide.ts';
import { sagaDetail } from './detail.ts';
import { listSagas } from './rows.ts';
import { type Decision, DecisionBody, SagaDetail, SagaSummary, SettleBody, sagaFilter } from './shapes.ts';
import { summaryFor } from './view.ts';

const tags = ['sagas'];
const Params = Type.Object({ sagaId: Uuid });
const Key = Type.Tuple([Uuid]);
/** Above all ids. */
const start: Static<typeof Key> = ['ffffffff-ffff-ffff-ffff-ffffffffffff'];

export function sagaOperationRoutes(app: App, needs: DecideNeeds): void {
  const { db } = needs;

  const decide =
    (decision: Decision) =>
    async (
      request: FastifyRequest<{ Params: { sagaId: string }; Body: { version: number; reason?: string } }>,
    ) => {
      const sagaId = request.params.sagaId.toLowerCase();
      const { version, reason } = request.body;
      const operator = operatorOf(request.user);
      const caller = callerOf(request);
      await decideSaga(needs, { sagaId, decision, version, reason, operator, caller });
      return sagaDetail(db, sagaId, 'operator');
    };

  app.get('/ops/v1/sagas', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'List sagas, the newest first',
      description:
        'A page may hold fewer than `limit`, or none, and still have a `nextCursor`: only so many rows are looked at for one.',
      querystring: PageQuery({ default: 50, maximum: 500 }, sagaFilter),
      response: { 200: Page(SagaSummary), ...problemResponses(...commonProblems) },
    },
    handler: async ({ query: { cursor, limit, ...filter }, user }) => {
      const [before] = keyAfter(Key, cursor, start);
      const { sagas, goOnBelow } = await listSagas(db, filter, { before, limit });
      const role = roleOf(user) ?? 'viewer';
      return {
        items: sagas.map((saga) => summaryFor(role, saga)),
        ...(goOnBelow !== undefined && { nextCursor: cursorOf([goOnBelow]) }),
      };
    },
  });

  app.get('/ops/v1/sagas/:sagaId', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'A saga with its timeline, message by message',
      params: Params,
      response: { 200: SagaDetail, ...problemResponses(...commonProblems, 'saga-not-found') },
    },
    handler: ({ params, user }) => sagaDetail(db, params.sagaId.toLowerCase(), roleOf(user) ?? 'viewer'),
  });

  const decided = {
    200: SagaDetail,
    ...problemResponses(...commonProblems, 'saga-not-found', 'saga-moved', 'decision-impossible'),
  };

  app.post('/ops/v1/sagas/:sagaId/retry', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Send again what is without an answer, with a new budget',
      description:
        'In whichever direction the saga is going: once a compensation has been sent its tombstone may stand, so that no ' +
        'step can be run forwards any more.',
      params: Params,
      body: DecisionBody,
      response: decided,
    },
    handler: decide('retry'),
  });

  app.post('/ops/v1/sagas/:sagaId/compensate', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Undo it: give up the step of a running saga, or compensate a parked one again',
      params: Params,
      body: DecisionBody,
      response: decided,
    },
    handler: decide('compensate'),
  });

  app.post('/ops/v1/sagas/:sagaId/settle', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Declare a parked saga settled by hand; its lock is let go',
      description:
        'What is unanswered is closed at its participant first, so that it can never run, however late it comes; a ' +
        'participant that does not answer is 503, and nothing is changed. Where a step turns out to be undone already, ' +
        'or never to have run, that counts as its acknowledgement: when nothing stands the saga ends as COMPENSATED (or, ' +
        'where its confirmation stands, COMPLETED), otherwise as SETTLED.',
      params: Params,
      body: SettleBody,
      response: decided,
    },
    handler: decide('settle'),
  });
}
