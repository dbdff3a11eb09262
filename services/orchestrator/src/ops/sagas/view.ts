import { deduct } from '@holdfast/shared/contracts/balance';
import { refundPayment } from '@holdfast/shared/contracts/payment';
import type { Money } from '@holdfast/shared/contracts/values';
import type { Role } from '@holdfast/shared/http/roles';
import type { Static } from 'typebox';
import { hasEnded, type Saga, type StepState } from '../../engine/saga.ts';
import { unanswered } from '../../engine/transition.ts';
import { definitionOf } from '../../sagas/definitions.ts';
import { maskFor } from '../mask.ts';
import { type OperatedSaga, overdueAfterMs } from './rows.ts';
import type { Decision, SagaStep, SagaSummary } from './shapes.ts';

/** A saga as operators see it. */

export function summaryFor(role: Role, saga: OperatedSaga): SagaSummary {
  const definition = definitionOf(saga);
  const waits = saga.status === 'RUNNING' || saga.status === 'COMPENSATING';
  const overdueMs = Date.now() - saga.deadlineAt.getTime();
  const atStake = moneyAtStake(saga);
  return {
    sagaId: saga.sagaId,
    sagaNo: saga.sagaNo,
    type: saga.type,
    status: saga.status,
    version: saga.version,
    userId: maskFor(role, { userId: saga.userId }).userId,
    lockKeys: saga.lockKeys,
    startedAt: saga.startedAt.toISOString(),
    ...(saga.endedAt && { endedAt: saga.endedAt.toISOString() }),
    ...(waits && { deadlineAt: saga.deadlineAt.toISOString() }),
    ...(waits && overdueMs > overdueAfterMs && { overdueMs }),
    waitingFor: unanswered(saga, definition).map(
      ({ step, action }) => (action === 'do' ? step.command : (step.undo ?? step.command)).type,
    ),
    ...(saga.failure && { failure: saga.failure }),
    ...(saga.parkedReason !== undefined && { parkedReason: saga.parkedReason }),
    ...(saga.parkedAt && { parkedAt: saga.parkedAt.toISOString() }),
    ...(atStake && { atStake }),
    ...(saga.settlement && { settlement: saga.settlement }),
  };
}

const takesMoney: ReadonlySet<string> = new Set([deduct.type, refundPayment.type]);

/** What may be neither on a balance nor in a payment: the price, from when it was taken from the one until that is undone or the saga completes. */
function moneyAtStake(saga: Saga): Money | undefined {
  if (saga.status === 'COMPLETED' || saga.status === 'COMPENSATED') return undefined;
  const index = definitionOf(saga).steps.findIndex(({ command }) => takesMoney.has(command.type));
  const state = saga.steps[index];
  const taken = state && (state.did ?? state).status;
  const safe = !taken || taken === 'PENDING' || taken === 'REFUSED' || state.status === 'UNDONE';
  return safe ? undefined : (saga.context.price as Money | undefined);
}

export const stepsOf = (saga: OperatedSaga): Static<typeof SagaStep>[] =>
  definitionOf(saga).steps.map(({ name, kind, command, undo }, i) => {
    const state = saga.steps[i] as StepState;
    const did = actionOf(state);
    const undid = undoOf(state);
    return {
      name,
      kind,
      status: state.status,
      service: command.service,
      command: command.type,
      ...(undo && { undo: undo.type }),
      ...(did && { did }),
      ...(undid && { undid }),
    };
  });

type Attempted = Omit<StepState, 'did' | 'status' | 'attemptsBefore'>;

const attempted = ({
  attempts,
  attemptsBefore = 0,
  startedAt,
  endedAt,
}: Omit<StepState, 'did'>): Attempted => ({
  attempts: attempts + attemptsBefore,
  ...(startedAt !== undefined && { startedAt }),
  ...(endedAt !== undefined && { endedAt }),
});

/** How a step's action came out; undefined where it was never sent. */
export function actionOf(
  state: StepState,
): (Attempted & { outcome: 'SENT' | 'DONE' | 'REFUSED' | 'UNKNOWN' }) | undefined {
  const { status, ...rest } = state.did ?? state;
  if (status === 'PENDING' || status === 'UNDOING' || status === 'UNDONE') return undefined;
  return { outcome: status, ...attempted({ status, ...rest }) };
}

/** How its compensation came out; undefined where none was sent. A step that is done after one stands. */
export function undoOf(
  state: StepState,
): (Attempted & { outcome: 'UNDOING' | 'UNDONE' | 'STANDS' }) | undefined {
  const { status } = state;
  if (status === 'UNDOING' || status === 'UNDONE') return { outcome: status, ...attempted(state) };
  return state.did && status === 'DONE' ? { outcome: 'STANDS', ...attempted(state) } : undefined;
}

/** The decisions that it can be given now. */
export function possibleDecisions(saga: OperatedSaga): Decision[] {
  if (hasEnded(saga)) return [];
  // Being settled: its compensations may be closed already.
  if (saga.settlement) return ['settle'];
  return saga.status === 'PARKED' ? ['retry', 'compensate', 'settle'] : ['retry', 'compensate'];
}
