import type { Effect } from '@holdfast/shared/contracts/operations';
import { type Database, inTransaction, query, type Transaction } from '@holdfast/shared/database/query';
import { problem } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import { hasEnded } from '../../engine/saga.ts';
import { type OperatorDecision, type Policy, transition } from '../../engine/transition.ts';
import { commandRecords, endRecords } from '../../runner/messages.ts';
import { saveSagas } from '../../runner/rows.ts';
import type { Batch, Runner } from '../../runner/run.ts';
import type { StoredSaga } from '../../runner/store.ts';
import { definitionOf } from '../../sagas/definitions.ts';
import { audit } from '../audit/rows.ts';
import type { Operator } from '../operator.ts';
import type { Caller, Participants } from '../participants.ts';
import { loadOperated, type OperatedSaga } from './rows.ts';
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
  const { sagaId, decision, version } = request;
  const saga = await loadOperated(db, sagaId);
  if (!saga) throw problem('saga-not-found', 'There is no such saga.');
  if (saga.version !== version)
    throw problem('saga-moved', `It is at version ${saga.version} now: look again.`);
  if (!possibleDecisions(saga).includes(decision)) throw impossible(saga);
  if (decision === 'settle') await settle(needs, request, saga);
  else await runner.tell(await write(needs, request, saga, { do: decision }));
}

/**
 * What the participants close isn't in this database. So the row says first that it is being settled, from where on
 * nobody can decide otherwise: a compensation that is sent again would find itself closed.
 */
async function settle(needs: DecideNeeds, request: DecisionRequest, parked: OperatedSaga): Promise<void> {
  const { db, runner, participants } = needs;
  const settlement: Settlement = {
    by: request.operator,
    reason: request.reason ?? '',
    at: new Date().toISOString(),
    stands: [],
  };
  await inTransaction(db, async (tx) => {
    const { written } = await saveSagas(tx, [{ saga: parked, from: parked, waitMs: null }]);
    if (!written.has(parked.sagaId)) throw moved();
    await writeSettlement(tx, parked.sagaId, settlement);
    await record(tx, request, parked, { outcome: 'intended' });
  });
  const saga = { ...parked, version: parked.version + 1 };
  try {
    const effects = await close(participants, saga, request.caller);
    await runner.tell(await write(needs, request, saga, { do: 'settle', effects }, settlement));
  } catch (error) {
    await inTransaction(db, async (tx) => {
      await query(
        tx,
        "update saga set settlement = null where saga_id = ?::uuid and settlement ->> 'at' = ?",
        [saga.sagaId, settlement.at],
      );
      await record(tx, request, saga, { after: { error: (error as Error).message }, outcome: 'failed' });
    });
    throw error;
  }
}

const writeSettlement = (tx: Transaction, sagaId: string, settlement: Settlement | null) =>
  query(tx, 'update saga set settlement = ?::jsonb where saga_id = ?::uuid', [
    settlement && JSON.stringify(settlement),
    sagaId,
  ]);

const moved = () => problem('saga-moved', 'It has moved in this moment: look at it again.');

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
  settlement?: Settlement,
): Promise<Batch> =>
  inTransaction(db, async (tx) => {
    const definition = definitionOf(saga);
    const decided = transition(saga, { kind: 'operator', decision }, { definition, policy, now: new Date() });
    if (!decided) throw impossible(saga);
    const next = { ...saga, ...decided.saga };
    const move = { saga: next, from: saga, waitMs: decided.waitMs };
    const { written, released } = await saveSagas(tx, [move]);
    if (!written.has(saga.sagaId)) throw moved();
    if (settlement && decision.do === 'settle') {
      const stands = Object.keys(decision.effects).filter((step) => decision.effects[step] === 'stands');
      // Where only the confirmation was settled, the saga goes on.
      await writeSettlement(tx, saga.sagaId, hasEnded(next) ? { ...settlement, stands } : null);
    }
    await record(tx, request, saga, {
      after: { ...standing(next), ...(decision.do === 'settle' && { effects: decision.effects }) },
      outcome: 'done',
    });
    const records = [
      ...commandRecords(next, decided.sends),
      ...(hasEnded(next) ? endRecords(next, definition) : []),
    ];
    return { moves: [move], records, released };
  });

const record = (
  db: Database,
  { operator, decision, reason }: DecisionRequest,
  saga: StoredSaga,
  rest: { after?: unknown; outcome: 'intended' | 'done' | 'failed' },
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
