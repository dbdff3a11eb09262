import { Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import type { App } from '@holdfast/shared/http/app';
import { problem, problemResponses } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import Type, { type Static } from 'typebox';
import { loadSagas } from '../runner/rows.ts';
import type { StoredSaga } from '../runner/store.ts';
import { definitionOf } from '../sagas/definitions.ts';

const SagaStatus = Type.Enum(['RUNNING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'PARKED', 'SETTLED']);

/** The body of a 202: where to look for what becomes of it is in `Location`. */
export const SagaAccepted = Type.Object({ sagaId: Uuid, status: SagaStatus });

const SagaView = Type.Object({
  sagaId: Uuid,
  type: Type.String(),
  status: SagaStatus,
  steps: Type.Array(
    Type.Object({
      name: Type.String(),
      status: Type.Enum(['PENDING', 'SENT', 'DONE', 'REFUSED', 'UNKNOWN', 'UNDOING', 'UNDONE']),
      attempts: Type.Integer(),
      startedAt: Type.Optional(Timestamp),
      endedAt: Type.Optional(Timestamp),
    }),
  ),
  failure: Type.Optional(
    Type.Object({
      type: Type.String({ description: 'such as BalanceDeductionFailed' }),
      step: Type.String(),
      outcome: Type.Enum(['refused', 'unknown']),
      code: Type.String(),
      detail: Type.Optional(Type.String()),
    }),
  ),
  parkedReason: Type.Optional(Type.String()),
  startedAt: Timestamp,
  endedAt: Type.Optional(Timestamp),
});

/** `GET /v1/sagas/{sagaId}`: how a saga stands; its owner's or an operator's only. */
export function sagaRoutes(app: App, { db }: { db: Knex }): void {
  app.get('/v1/sagas/:sagaId', {
    onRequest: app.authenticate,
    schema: {
      tags: ['sagas'],
      summary: 'How a saga stands',
      params: Type.Object({ sagaId: Uuid }),
      response: {
        200: SagaView,
        ...problemResponses('validation', 'unauthenticated', 'saga-not-found', 'overloaded', 'unavailable'),
      },
    },
    handler: async ({ params, user }) => {
      const sagaId = params.sagaId.toLowerCase();
      const saga = (await loadSagas(db, [sagaId])).get(sagaId);
      const allowed = saga?.userId === user.userId || user.roles.some((role) => operators.has(role));
      if (!saga || !allowed) throw problem('saga-not-found', 'You have no such saga.');
      return view(saga);
    },
  });
}

const operators = new Set(['viewer', 'operator']);

const view = (saga: StoredSaga): Static<typeof SagaView> => ({
  sagaId: saga.sagaId,
  type: saga.type,
  status: saga.status,
  steps: definitionOf(saga).steps.map(({ name }, i) => ({
    name,
    ...(saga.steps[i] as (typeof saga.steps)[number]),
  })),
  ...(saga.failure && { failure: saga.failure }),
  ...(saga.parkedReason !== undefined && { parkedReason: saga.parkedReason }),
  startedAt: saga.startedAt.toISOString(),
  ...(saga.endedAt && { endedAt: saga.endedAt.toISOString() }),
});
