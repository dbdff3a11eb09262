import type { Effect } from '@holdfast/shared/contracts/operations';
import { inTransaction, query } from '@holdfast/shared/database/query';
import { problem } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import { hasEnded } from '../../engine/saga.ts';
import { type OperatorDecision, type Policy, transition } from '../../engine/transition.ts';
import { commandRecords, endRecords } from '../../runner/messages.ts';
import { loadSagas, saveSagas } from '../../runner/rows.ts';
import type { Batch, Runner } from '../../runner/run.ts';
import type { StoredSaga } from '../../runner/store.ts';
import { definitionOf } from '../../sagas/definitions.ts';
import { audit } from '../audit/rows.ts';
import type { Operator } from '../operator.ts';
import type { Caller, Participants } from '../participants.ts';
import type { Decision, Settlement } from './shapes.ts';
import { possibleDecisions } from './view.ts';

/** An operator's decisions: inputs of the saga's transition, written where its version is the one they have seen. */

export type DecideNeeds = {
  db: Knex;
  policy: Policy;
  runner: Pick<Runner, 'tell'>;
  participants: Participants;
};

export type DecisionRequest = {
  sagaId: string;
  decision: Decision;
  /** As the operator has seen it. */
  version: number;
  reason: string | undefined;
  operator: Operator;
  caller: Caller;
};

/**
 * @throws Problem `saga-not-found`, `saga-moved`, `decision-impossible`; `unavailable` where a participant that a
 *   settlement needs doesn't answer
 */
export async function decideSaga(needs: DecideNeeds, request: DecisionRequest): Promise<void> {
  const { db, runner } = needs;
  const { sagaId, decision } = request;
  const saga = (await loadSagas(db, [sagaId])).get(sagaId);
  if (!saga) throw problem('saga-not-found', 'There is no such saga.');
  checkStanding(saga, request);
  if (decision !== 'settle') {
    await runner.tell(await write(needs, request, saga, { do: decision }));
    return;
  }
  // What the participants close isn't in this database: it is recorded first.
  await record(db, request, saga, { outcome: 'intended' });
  const effects = await close(needs.participants, saga, request.caller);
  await runner.tell(await write(needs, request, saga, { do: 'settle', effects }));
}

function checkStanding(saga: StoredSaga, { decision, version }: DecisionRequest): void {
  if (saga.version !== version)
    throw problem('saga-moved', `It is at version ${saga.version} now: look at it again.`);
  if (!possibleDecisions(saga).includes(decision)) throw impossible(saga);
}

const impossible = ({ status }: StoredSaga) =>
  problem('decision-impossible', `The saga is ${status.toLowerCase()}.`);

/** From here on neither the unanswered compensations nor their actions run, however late they come. */
async function close(
  participants: Participants,
  saga: StoredSaga,
  caller: Caller,
): Promise<Record<string, Effect>> {
  const steps = definitionOf(saga).steps.filter((_, i) => saga.steps[i]?.status === 'UNDOING');
  const services = [...new Set(steps.map(({ command }) => command.service))];
  const effects = await Promise.all(
    services.map((service) =>
      participants.close(
        service,
        {
          sagaId: saga.sagaId,
          sagaNo: saga.sagaNo,
          steps: steps.filter(({ command }) => command.service === service).map(({ name }) => name),
        },
        caller,
      ),
    ),
  );
  return Object.assign({}, ...effects);
}

/** Moves the saga, with the record of who did it, in one transaction. @returns what is to be told */
const write = (
  { db, policy }: DecideNeeds,
  request: DecisionRequest,
  saga: StoredSaga,
  decision: OperatorDecision,
): Promise<Batch> =>
  inTransaction(db, async (tx) => {
    const definition = definitionOf(saga);
    const moved = transition(saga, { kind: 'operator', decision }, { definition, policy, now: new Date() });
    if (!moved) throw impossible(saga);
    const next = { ...saga, ...moved.saga };
    const move = { saga: next, waitMs: moved.waitMs };
    const { written, released } = await saveSagas(tx, [move]);
    if (!written.has(saga.sagaId))
      throw problem('saga-moved', 'It has moved in this moment: look at it again.');
    if (decision.do === 'settle') {
      const stands = Object.keys(decision.effects).filter((step) => decision.effects[step] === 'stands');
      const settlement: Settlement = {
        by: request.operator,
        reason: request.reason ?? '',
        at: new Date().toISOString(),
        stands,
      };
      await query(tx, 'update saga set settlement = ?::jsonb where saga_id = ?::uuid', [
        JSON.stringify(settlement),
        saga.sagaId,
      ]);
    }
    await record(tx, request, saga, {
      after: { ...standing(next), ...(decision.do === 'settle' && { effects: decision.effects }) },
      outcome: 'done',
    });
    const records = [
      ...commandRecords(next, moved.sends),
      ...(hasEnded(next) ? endRecords(next, definition) : []),
    ];
    return { moves: [move], records, released };
  });

const record = (
  db: Knex,
  { operator, decision, reason }: DecisionRequest,
  saga: StoredSaga,
  rest: { after?: unknown; outcome: 'intended' | 'done' },
): Promise<void> =>
  audit(db, {
    operator,
    action: `saga.${decision}`,
    subject: `saga/${saga.sagaId}`,
    reason,
    before: standing(saga),
    ...rest,
  });

const standing = (saga: StoredSaga) => ({
  status: saga.status,
  version: saga.version,
  steps: Object.fromEntries(
    definitionOf(saga).steps.map(({ name }, i) => [name, saga.steps[i]?.status ?? 'PENDING']),
  ),
});
