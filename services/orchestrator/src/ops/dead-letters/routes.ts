import type { App } from '@holdfast/shared/http/app';
import { defaulted } from '@holdfast/shared/http/defaulted';
import { keyAfter, Page, PageQuery, pageOf } from '@holdfast/shared/http/page';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import { roleOf } from '@holdfast/shared/http/roles';
import type { Knex } from 'knex';
import Type from 'typebox';
import { loadSagas } from '../../runner/rows.ts';
import { maskFor } from '../mask.ts';
import { commonProblems, viewers } from '../operator.ts';
import { callerOf } from '../participants.ts';
import { editableOf } from './edit.ts';
import type { Judge } from './judge.ts';
import { groupLetters, listLetters, loadLetter } from './list.ts';
import { previewReplay } from './preview.ts';
import { toLetter } from './rows.ts';
import {
  Letter,
  LetterDetail,
  LetterGroup,
  LetterId,
  LetterSelection,
  LetterStatus,
  letterFilter,
  Preview,
} from './shapes.ts';
import { contentFor, letterFor } from './show.ts';

const tags = ['dead letters'];
const statusFilter = {
  status: defaulted(
    Type.Array(LetterStatus, { default: ['OPEN'], maxItems: 6, description: 'any of these' }),
  ),
};
const Key = Type.Tuple([Type.Integer()]);

export function letterReadRoutes(app: App, { db, judge }: { db: Knex; judge: Judge }): void {
  app.get('/ops/v1/dead-letters', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'List dead letters, by the time that they were given up',
      querystring: PageQuery(
        { default: 50, maximum: 500 },
        {
          ...letterFilter,
          ...statusFilter,
          order: defaulted(Type.Enum(['newest', 'oldest'], { default: 'newest' })),
        },
      ),
      response: { 200: Page(Letter), ...problemResponses(...commonProblems) },
    },
    handler: async ({ query, user }) => {
      const { cursor, limit, order, ...filter } = query;
      const after = cursor === undefined ? undefined : keyAfter(Key, cursor, [0])[0];
      const rows = await listLetters(db, filter, { order, after, limit: limit + 1 });
      const page = pageOf(rows, limit, ({ letter_id }) => [letter_id]);
      const role = roleOf(user) ?? 'viewer';
      return { ...page, items: page.items.map((row) => letterFor(role, toLetter(row))) };
    },
  });

  app.get('/ops/v1/dead-letters/groups', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'Dead letters grouped by error, the largest group first; at most 200 groups',
      querystring: Type.Object({ ...letterFilter, ...statusFilter }),
      response: {
        200: Type.Object({ items: Type.Array(LetterGroup), total: Type.Integer({ description: 'letters' }) }),
        ...problemResponses(...commonProblems),
      },
    },
    handler: ({ query }) => groupLetters(db, query),
  });

  app.get('/ops/v1/dead-letters/:letterId', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'A dead letter, decoded where possible, and what a replay would do',
      params: Type.Object({ letterId: LetterId }),
      response: {
        200: LetterDetail,
        ...problemResponses(...commonProblems, 'letter-not-found', 'route-not-found'),
      },
    },
    handler: async (request) => {
      const role = roleOf(request.user) ?? 'viewer';
      const row = await loadLetter(db, request.params.letterId);
      if (!row) throw problem('letter-not-found', 'There is no such dead letter.');
      const [judgements, saga] = await Promise.all([
        judge([row], callerOf(request)),
        row.saga_id === null
          ? undefined
          : loadSagas(db, [row.saga_id]).then((all) => all.get(row.saga_id ?? '')),
      ]);
      const editable = editableOf(row, saga);
      return {
        ...letterFor(role, toLetter(row)),
        ...contentFor(role, row),
        judgement: judgements.get(row.letter_id) ?? { verdict: 'unknown' as const, explanation: '' },
        ...('because' in editable
          ? { editable: false, notEditableBecause: editable.because }
          : {
              editable: row.status === 'OPEN',
              ...(row.status !== 'OPEN' && { notEditableBecause: `It is ${row.status.toLowerCase()}.` }),
              schema: editable.contract.schema,
              ...(editable.expected !== undefined && { expected: maskFor(role, editable.expected) }),
            }),
      };
    },
  });

  app.post('/ops/v1/dead-letters/preview', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'What a replay would do (a dry run)',
      body: Type.Object({ select: LetterSelection }, { additionalProperties: false }),
      response: { 200: Preview, ...problemResponses(...commonProblems) },
    },
    handler: (request) => previewReplay({ db, judge }, request.body.select, callerOf(request)),
  });
}
