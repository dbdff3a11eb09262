import { Readable } from 'node:stream';
import type { App } from '@holdfast/shared/http/app';
import { defaulted } from '@holdfast/shared/http/defaulted';
import { problemResponses } from '@holdfast/shared/http/problems';
import type { RawRecord } from '@holdfast/shared/messaging/cloud-event';
import type { Knex } from 'knex';
import Type from 'typebox';
import { audit } from '../audit/rows.ts';
import { commonProblems, operatorOf, operators, Reason } from '../operator.ts';
import { discardLetters, editLetter } from './change.ts';
import { loadLetter, type WholeLetter } from './list.ts';
import { exportLetters, importLetters } from './port.ts';
import { toLetter } from './rows.ts';
import { Letter, LetterId, LetterSelection, LetterStatus, PortableLetter } from './shapes.ts';

const tags = ['dead letters'];

type Needs = { db: Knex; publish: (records: RawRecord[]) => Promise<void> };

export function letterChangeRoutes(app: App, needs: Needs): void {
  const { db } = needs;

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
      params: Type.Object({ letterId: LetterId }),
      body: Type.Object(
        {
          payload: Type.Unknown(),
          reason: Type.Optional(Reason),
          dryRun: defaulted(Type.Boolean({ default: false, description: 'only check it' })),
        },
        { additionalProperties: false },
      ),
      response: {
        200: Letter,
        ...problemResponses(
          ...commonProblems,
          'letter-not-found',
          'route-not-found',
          'letter-closed',
          'letter-not-editable',
          'edit-contradicts-saga',
        ),
      },
    },
    handler: async ({ params: { letterId }, body, user }) => {
      const { payload, reason, dryRun } = body;
      await editLetter(needs, letterId, { payload, reason, dryRun, operator: operatorOf(user) });
      return toLetter((await loadLetter(db, letterId)) as WholeLetter);
    },
  });

  app.post('/ops/v1/dead-letters/discard', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Give open dead letters up',
      body: Type.Object({ select: LetterSelection, reason: Reason }, { additionalProperties: false }),
      response: {
        200: Type.Object({ discarded: Type.Integer(), skipped: Type.Integer() }),
        ...problemResponses(...commonProblems),
      },
    },
    handler: ({ body: { select, reason }, user }) =>
      discardLetters(db, select, { operator: operatorOf(user), reason }),
  });

  app.post('/ops/v1/dead-letters/export', {
    onRequest: operators(app),
    schema: {
      tags,
      summary: 'Dead letters byte for byte, as lines of JSON (application/x-ndjson)',
      description: 'Each line is what POST …/import takes in its `letters`.',
      body: Type.Object(
        {
          select: LetterSelection,
          status: defaulted(Type.Array(LetterStatus, { default: ['OPEN'], maxItems: 6 })),
        },
        { additionalProperties: false },
      ),
      response: {
        200: {
          description: 'one letter a line',
          content: { 'application/x-ndjson': { schema: PortableLetter } },
        },
        ...problemResponses(...commonProblems),
      },
    },
    handler: async ({ body: { select, status }, user }, reply) => {
      // What goes out holds all that is masked elsewhere: who took it is on record.
      const operator = operatorOf(user);
      await audit(db, {
        operator,
        action: 'letter.export',
        subject: 'letters',
        after: { select, status },
        outcome: 'done',
      });
      return reply
        .type('application/x-ndjson')
        .send(Readable.from(exportLetters(db, select, status)) as never);
    },
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
    handler: ({ body: { letters, reason }, user }) =>
      importLetters(needs, letters, { operator: operatorOf(user), reason }),
  });
}
