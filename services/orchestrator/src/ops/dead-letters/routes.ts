import type { App } from '@holdfast/shared/http/app';
import { Page, PageQuery } from '@holdfast/shared/http/page';
import { problemResponses } from '@holdfast/shared/http/problems';
import Type from 'typebox';
import { commonProblems, operators, Reason, viewers } from '../operator.ts';
import { pending } from '../pending.ts';
import {
  Letter,
  LetterDetail,
  LetterGroup,
  LetterId,
  LetterSelection,
  LetterStatus,
  letterFilter,
  PortableLetter,
  Preview,
} from './shapes.ts';

const tags = ['dead letters'];
const Params = Type.Object({ letterId: LetterId });
const statusFilter = {
  status: Type.Array(LetterStatus, { default: ['OPEN'], maxItems: 6, description: 'any of these' }),
};

export function letterReadRoutes(app: App): void {
  app.get('/ops/v1/dead-letters', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'List dead letters, by the time that they were given up',
      querystring: Type.Object({
        ...letterFilter,
        ...statusFilter,
        order: Type.Enum(['newest', 'oldest'], { default: 'newest' }),
        ...PageQuery({ default: 50, maximum: 500 }).properties,
      }),
      response: { 200: Page(Letter), ...problemResponses(...commonProblems) },
    },
    handler: pending,
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
    handler: pending,
  });

  app.get('/ops/v1/dead-letters/:letterId', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'A dead letter, decoded where possible, and what a replay would do',
      params: Params,
      response: { 200: LetterDetail, ...problemResponses(...commonProblems, 'letter-not-found') },
    },
    handler: pending,
  });

  app.post('/ops/v1/dead-letters/preview', {
    onRequest: viewers(app),
    schema: {
      tags,
      summary: 'What a replay would do (a dry run)',
      body: Type.Object({ select: LetterSelection }, { additionalProperties: false }),
      response: { 200: Preview, ...problemResponses(...commonProblems) },
    },
    handler: pending,
  });
}

export function letterChangeRoutes(app: App): void {
  app.post('/ops/v1/dead-letters/:letterId/edit', {
    onRequest: operators(app),
    bodyLimit: 2 * 1024 * 1024,
    schema: {
      tags,
      summary: 'Send another payload in its place',
      description:
        "The payload has to fit the schema of the message's type, keep its key, and agree with what the saga would send. " +
        "A command keeps its id, which is its saga's, step's and action's: so it runs once at most, whichever of the two " +
        'comes first, and a tombstone holds for both. An event gets an id of its own. The message names the old one in ' +
        'the header dlq_replaces.',
      params: Params,
      body: Type.Object(
        {
          payload: Type.Unknown(),
          reason: Type.Optional(Reason),
          dryRun: Type.Boolean({ default: false, description: 'only check it' }),
        },
        { additionalProperties: false, required: ['payload'] },
      ),
      response: {
        200: Letter,
        ...problemResponses(
          ...commonProblems,
          'letter-not-found',
          'letter-closed',
          'letter-not-editable',
          'edit-contradicts-saga',
        ),
      },
    },
    handler: pending,
  });

  app.post('/ops/v1/dead-letters/discard', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Give dead letters up',
      body: Type.Object({ select: LetterSelection, reason: Reason }, { additionalProperties: false }),
      response: {
        200: Type.Object({ discarded: Type.Integer(), skipped: Type.Integer() }),
        ...problemResponses(...commonProblems),
      },
    },
    handler: pending,
  });

  app.post('/ops/v1/dead-letters/export', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Dead letters byte for byte, as lines of JSON (application/x-ndjson)',
      description: 'Each line is what POST …/import takes in its `letters`.',
      body: Type.Object(
        { select: LetterSelection, status: Type.Array(LetterStatus, { default: ['OPEN'], maxItems: 6 }) },
        { additionalProperties: false, required: ['select'] },
      ),
      response: {
        200: {
          description: 'one letter a line',
          content: { 'application/x-ndjson': { schema: PortableLetter } },
        },
        ...problemResponses(...commonProblems),
      },
    },
    handler: pending,
  });

  app.post('/ops/v1/dead-letters/import', {
    onRequest: operators(app),
    bodyLimit: 8 * 1024 * 1024,
    schema: {
      tags,
      summary: 'Put exported letters on their dead-letter topics',
      description: 'Letters that are known, by where their message lay, are left as they are.',
      body: Type.Object(
        {
          letters: Type.Array(PortableLetter, { minItems: 1, maxItems: 1_000 }),
          reason: Type.Optional(Reason),
        },
        { additionalProperties: false },
      ),
      response: {
        200: Type.Object({ imported: Type.Integer(), known: Type.Integer() }),
        ...problemResponses(...commonProblems),
      },
    },
    handler: pending,
  });
}
