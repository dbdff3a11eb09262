import { counter, durations } from '@holdfast/shared/telemetry/registry';
import type { SagaDefinition } from '../engine/definition.ts';
import { hasEnded, type Saga, type StepState } from '../engine/saga.ts';
import type { Move } from './store.ts';
import { traceparentOfSaga } from './trace.ts';

/** What is measured of sagas, from what moves them. */

const begunSagas = counter('holdfast_sagas_begun_total', 'Sagas that have begun', ['type']);
const endedSagas = counter('holdfast_sagas_ended_total', 'Sagas that have ended, by outcome', [
  'type',
  'outcome',
]);
const compensations = counter(
  'holdfast_saga_compensations_total',
  'Sagas that failed and are compensated, by the failure, and whether it is known that the step did not happen',
  ['type', 'failure', 'step_outcome'],
);
const parkings = counter('holdfast_sagas_parkings_total', 'Sagas that were parked for an operator', ['type']);
const sagaDuration = durations('holdfast_saga_duration_seconds', 'Sagas from beginning to end', [
  'type',
  'outcome',
]);
const stepDuration = durations(
  'holdfast_saga_step_duration_seconds',
  'Steps of ended sagas, from the first sending of a command to its answer',
  ['type', 'step', 'action'],
);

export function observeBegun(sagas: readonly Saga[]): void {
  for (const { type } of sagas) begunSagas.inc({ type });
}

export function observeMoves(
  moves: readonly Move[],
  definitionOf: (saga: Pick<Saga, 'type' | 'definitionVersion'>) => SagaDefinition,
): void {
  for (const { saga, from } of moves) {
    const { type, status } = saga;
    const ends = hasEnded(saga) && !hasEnded(from);
    // A failed confirmation is settled first, and may turn out well: what counts then is what the end says.
    if (saga.failure && status !== 'RUNNING' && from.status === 'RUNNING')
      compensations.inc({ type, failure: saga.failure.type, step_outcome: saga.failure.outcome });
    if (status === 'PARKED' && from.status !== 'PARKED') parkings.inc({ type });
    if (!ends) continue;
    const outcome = status.toLowerCase();
    const trace = traceparentOfSaga(saga);
    endedSagas.inc({ type, outcome });
    sagaDuration((Date.now() - saga.startedAt.getTime()) / 1_000, { type, outcome }, trace);
    const { steps } = definitionOf(saga);
    saga.steps.forEach((state, i) => {
      const step = steps[i]?.name ?? '';
      const [done, undone] = state.did ? [state.did, state] : [state, undefined];
      observeStep(done, { type, step, action: 'do' }, trace);
      if (undone) observeStep(undone, { type, step, action: 'undo' }, trace);
    });
  }
}

function observeStep(
  { startedAt, endedAt }: Omit<StepState, 'did'>,
  labels: Parameters<typeof stepDuration>[1],
  trace: string | undefined,
): void {
  if (startedAt && endedAt)
    stepDuration((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000, labels, trace);
}
