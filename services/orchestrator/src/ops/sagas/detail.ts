import { query } from '@holdfast/shared/database/query';
import { problem } from '@holdfast/shared/http/problems';
import type { Role } from '@holdfast/shared/http/roles';
import type { Knex } from 'knex';
import { listAudit } from '../audit/rows.ts';
import { listLetters } from '../dead-letters/list.ts';
import { toLetter } from '../dead-letters/rows.ts';
import { LetterStatus } from '../dead-letters/shapes.ts';
import { letterFor } from '../dead-letters/show.ts';
import { maskFor } from '../mask.ts';
import { loadOperated } from './rows.ts';
import type { SagaDetail } from './shapes.ts';
import { timelineFor } from './timeline.ts';
import { possibleDecisions, stepsOf, summaryFor } from './view.ts';

const most = 100;

/** All that is known of a saga. @throws Problem `saga-not-found` */
export async function sagaDetail(db: Knex, sagaId: string, role: Role): Promise<SagaDetail> {
  const [saga, letterRows, audit, locks] = await Promise.all([
    loadOperated(db, sagaId),
    listLetters(
      db,
      { sagaId, status: LetterStatus.enum },
      { order: 'oldest', after: undefined, limit: most },
    ),
    listAudit(db, { subject: `saga/${sagaId}`, before: Number.MAX_SAFE_INTEGER, limit: most }),
    query(db, 'select from lock where saga_id = ?::uuid', [sagaId]),
  ]);
  if (!saga) throw problem('saga-not-found', 'There is no such saga.');
  const letters = letterRows.map((row) => letterFor(role, toLetter(row)));
  return {
    ...summaryFor(role, saga),
    definitionVersion: saga.definitionVersion,
    ...(saga.traceparent !== undefined && { traceparent: saga.traceparent }),
    instance: saga.instance,
    context: maskFor(role, saga.context),
    locked: locks.length > 0,
    steps: stepsOf(saga),
    timeline: timelineFor(role, saga, { letters, decisions: audit }),
    letters,
    audit,
    possible: possibleDecisions(saga),
  };
}
