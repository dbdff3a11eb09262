import { definitionOf } from '@holdfast/orchestrator/sagas/definitions';
import { commandId } from '@holdfast/shared/contracts/protocol';
import type { Violation } from './check.ts';
import type { SagaTables } from './orchestrator/tables.ts';

/** Ids of the sagas that wait for an operator, or for acknowledgements that come late. */
export const parkedIn = ({ sagas, unsettled }: SagaTables): string[] =>
  [...unsettled].filter((id) => sagas.get(id)?.status === 'PARKED');

/** A parked saga says why, and keeps its seats. */
export const parkedWell = (tables: SagaTables): Violation[] =>
  parkedIn(tables).flatMap((sagaId): Violation[] => {
    const saga = tables.sagas.get(sagaId);
    const violations: Violation[] = [];
    if (!saga?.parkedReason) violations.push({ promise: 'a saga is parked without a reason', sagaId });
    if (saga?.lockKeys.some((key) => tables.locks.get(key)?.sagaId !== sagaId))
      violations.push({ promise: "a parked saga doesn't keep its seats", sagaId });
    return violations;
  });

/**
 * Whose compensations have all reached their topics, so that all can be acknowledged, and that are parked still. One
 * whose every attempt was lost on its way to the broker waits for an operator to send it again.
 */
export const parkedForNothing = (tables: SagaTables, sent: ReadonlySet<string>): Violation[] =>
  parkedIn(tables).flatMap((sagaId): Violation[] => {
    const saga = tables.sagas.get(sagaId);
    if (!saga) return [];
    const awaited = definitionOf(saga).steps.filter((_, i) => saga.steps[i]?.status === 'UNDOING');
    const isOnItsWay = awaited.every(({ name }) => sent.has(commandId(sagaId, name, 'undo')));
    return isOnItsWay ? [{ promise: 'all was acknowledged, and it is parked still', sagaId }] : [];
  });
