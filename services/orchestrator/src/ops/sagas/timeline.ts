import type { Audited } from '@holdfast/shared/contracts/ops';
import { commandId } from '@holdfast/shared/contracts/protocol';
import type { Role } from '@holdfast/shared/http/roles';
import { commandsTopic, eventsTopic, repliesTopic } from '@holdfast/shared/messaging/topics';
import type { Step } from '../../engine/definition.ts';
import { hasEnded, type StepState } from '../../engine/saga.ts';
import { commandOf } from '../../runner/messages.ts';
import { definitionOf } from '../../sagas/definitions.ts';
import type { Letter } from '../dead-letters/shapes.ts';
import { maskFor, maskKeyFor } from '../mask.ts';
import type { OperatedSaga } from './rows.ts';
import type { TimelineEntry } from './shapes.ts';
import { actionOf, undoOf } from './view.ts';

/**
 * What happened, message by message, in the order of time. The row's steps tell of every command and its answer, and the
 * commands' ids and payloads follow from the row: nothing needs to be kept for it.
 */
export function timelineFor(
  role: Role,
  saga: OperatedSaga,
  { letters, decisions }: { letters: readonly Letter[]; decisions: readonly Audited[] },
): TimelineEntry[] {
  const entries: TimelineEntry[] = [
    {
      at: saga.startedAt.toISOString(),
      kind: 'begin',
      from: 'client',
      to: orchestrator,
      label: `${saga.type} begins`,
    },
    ...definitionOf(saga).steps.flatMap((step, i) =>
      stepEntries(role, saga, step, saga.steps[i] as StepState),
    ),
    ...letters.map(letterEntry),
    ...decisions.map(decisionEntry),
    ...parkedEntry(saga),
    ...endEntries(role, saga),
  ];
  // Clocks differ by a little; that it began comes first all the same.
  const [begin, ...rest] = entries;
  return [begin as TimelineEntry, ...rest.sort(byTime)];
}

/** An answer comes before what is sent because of it, which is in the same millisecond. */
function byTime(a: TimelineEntry, b: TimelineEntry): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return Number(isAnswer(b)) - Number(isAnswer(a));
}

const isAnswer = ({ kind }: TimelineEntry): boolean => kind === 'reply' || kind === 'timeout';

const orchestrator = 'orchestrator';

function stepEntries(role: Role, saga: OperatedSaga, step: Step, state: StepState): TimelineEntry[] {
  const did = actionOf(state);
  const undid = undoOf(state);
  return [
    ...(did ? exchange(role, saga, step, 'do', { ...did, outcome: did.outcome.toLowerCase() }) : []),
    ...(undid ? exchange(role, saga, step, 'undo', { ...undid, outcome: undid.outcome.toLowerCase() }) : []),
  ];
}

/** A command and how it came out. */
function exchange(
  role: Role,
  saga: OperatedSaga,
  step: Step,
  action: 'do' | 'undo',
  came: { outcome: string; attempts: number; startedAt?: string; endedAt?: string },
): TimelineEntry[] {
  const { command, payload } = commandOf(saga, { step, action });
  const { service, type } = command;
  const id = commandId(saga.sagaId, step.name, action);
  const common = { step: step.name, action, type };
  const sent: TimelineEntry = {
    ...common,
    at: came.startedAt ?? saga.startedAt.toISOString(),
    kind: 'command',
    from: orchestrator,
    to: service,
    label: came.attempts > 1 ? `${type}, ${came.attempts} times` : type,
    messageId: id,
    topic: commandsTopic(service),
    key: maskKeyFor(role, commandsTopic(service), String(payload[command.key])),
    attempts: came.attempts,
    payload: maskFor(role, payload),
  };
  if (came.endedAt === undefined) return [sent];
  if (came.outcome === 'unknown')
    return [
      sent,
      {
        ...common,
        at: came.endedAt,
        kind: 'timeout',
        from: orchestrator,
        to: orchestrator,
        label: `no answer to ${type}: its outcome is unknown`,
        outcome: 'unknown',
      },
    ];
  const refusal = came.outcome === 'refused' && saga.failure?.step === step.name ? saga.failure : undefined;
  const answer: TimelineEntry = {
    ...common,
    at: came.endedAt,
    kind: 'reply',
    from: service,
    to: orchestrator,
    label: refusal ? `refused: ${refusal.code}` : came.outcome,
    messageId: `${id}/reply`,
    topic: repliesTopic,
    outcome: came.outcome,
    ...(refusal?.detail !== undefined && { detail: refusal.detail }),
  };
  return [sent, answer];
}

const letterEntry = (letter: Letter): TimelineEntry => ({
  at: letter.lastFailure,
  kind: 'dead-letter',
  from: letter.topic === repliesTopic ? orchestrator : letter.consumerGroup,
  to: 'dead letters',
  label: `dead letter ${letter.letterId}: ${letter.error.class}`,
  topic: letter.deadLetter.topic,
  attempts: letter.attempts,
  outcome: letter.status,
  detail: letter.error.message,
  letterId: letter.letterId,
  ...(letter.step !== undefined && { step: letter.step }),
  ...(letter.action !== undefined && { action: letter.action }),
  ...(letter.type !== undefined && { type: letter.type }),
  ...(letter.messageId !== undefined && { messageId: letter.messageId }),
});

const decisionEntry = ({ at, operator, action, outcome, reason }: Audited): TimelineEntry => ({
  at,
  kind: 'decision',
  from: 'operator',
  to: orchestrator,
  label: `${operator.name ?? operator.operatorId}: ${action.replace('saga.', '')}`,
  outcome,
  ...(reason !== undefined && { detail: reason }),
});

const parkedEntry = ({ parkedAt, parkedReason }: OperatedSaga): TimelineEntry[] =>
  parkedAt === null
    ? []
    : [
        {
          at: parkedAt.toISOString(),
          kind: 'parked',
          from: orchestrator,
          to: orchestrator,
          label: 'parked for an operator; it keeps its seats',
          ...(parkedReason !== undefined && { detail: parkedReason }),
        },
      ];

/** The end, and what a completed saga sends after it. */
function endEntries(role: Role, saga: OperatedSaga): TimelineEntry[] {
  if (!hasEnded(saga) || !saga.endedAt) return [];
  const at = saga.endedAt.toISOString();
  const end: TimelineEntry = {
    at,
    kind: 'end',
    from: orchestrator,
    to: 'client',
    label: saga.status.toLowerCase(),
    outcome: saga.status,
    ...(saga.failure && { detail: `${saga.failure.type}: ${saga.failure.code}` }),
  };
  if (saga.status !== 'COMPLETED') return [end];
  const after = definitionOf(saga).afterCommit.map((sent): TimelineEntry => {
    const [contract, data, id] =
      'command' in sent
        ? [sent.command, sent.send(saga.context), commandId(saga.sagaId, sent.name, 'do')]
        : [sent.event, sent.data(saga.context), `${saga.sagaId}/${sent.event.type}`];
    const isCommand = contract.kind === 'command';
    const topic = isCommand ? commandsTopic(contract.service) : eventsTopic(contract.service);
    return {
      at,
      kind: isCommand ? 'command' : 'event',
      from: orchestrator,
      to: isCommand ? contract.service : 'subscribers',
      label: contract.type,
      type: contract.type,
      messageId: id,
      topic,
      key: maskKeyFor(role, topic, String(data[contract.key])),
      payload: maskFor(role, data),
    };
  });
  return [end, ...after];
}
