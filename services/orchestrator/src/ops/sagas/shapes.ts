import { Money, Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import Type, { type Static } from 'typebox';
import { AuditEntry } from '../audit/shapes.ts';
import { Letter } from '../dead-letters/shapes.ts';
import { Operator, Reason } from '../operator.ts';

export const SagaStatus = Type.Enum([
  'RUNNING',
  'COMPENSATING',
  'COMPLETED',
  'COMPENSATED',
  'PARKED',
  'SETTLED',
]);

/**
 * - `retry`: sends again what is without an answer, with a new budget of attempts, in whichever direction the saga is
 *   going. A parked saga compensates again: once a compensation has been sent its tombstone may stand, so that no step
 *   can be run forwards any more.
 * - `compensate`: gives up a running saga's step, as of unknown outcome, and undoes everything; otherwise the same as
 *   `retry`.
 * - `settle`: ends a parked saga by hand. What is unanswered is closed at its participant first, so that it can never
 *   run, however late it comes.
 */
export const Decision = Type.Enum(['retry', 'compensate', 'settle']);
export type Decision = Static<typeof Decision>;

/** Of a saga that hasn't ended: it is being settled, and only that can be finished. */
export const Settlement = Type.Object({
  by: Operator,
  reason: Type.String(),
  at: Timestamp,
  stands: Type.Array(Type.String(), { description: 'steps that had run and were not undone' }),
});
export type Settlement = Static<typeof Settlement>;

export const SagaSummary = Type.Object({
  sagaId: Uuid,
  sagaNo: Type.Integer({ description: 'the fencing token' }),
  type: Type.String({ description: 'reserve, pay or refund' }),
  status: SagaStatus,
  version: Type.Integer({ description: 'to be named with a decision' }),
  userId: Type.String({ description: 'masked for viewers' }),
  lockKeys: Type.Array(Type.String(), { description: 'what it works on alone: seat:<concertSeatId> each' }),
  startedAt: Timestamp,
  endedAt: Type.Optional(Timestamp),
  deadlineAt: Type.Optional(
    Type.String({ format: 'date-time', description: 'until when an answer is waited for' }),
  ),
  overdueMs: Type.Optional(Type.Integer({ description: 'how long the deadline has passed' })),
  waitingFor: Type.Array(Type.String(), { description: 'commands that are without an answer' }),
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
  parkedAt: Type.Optional(Timestamp),
  atStake: Type.Optional(
    Type.Object(Money.properties, { description: 'may be on no balance and in no payment yet' }),
  ),
  settlement: Type.Optional(Settlement),
});
export type SagaSummary = Static<typeof SagaSummary>;

const Attempted = {
  attempts: Type.Integer({ description: 'how often the command was sent' }),
  startedAt: Type.Optional(Timestamp),
  endedAt: Type.Optional(Timestamp),
};

export const SagaStep = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['claim', 'read', 'write', 'pivot']),
  status: Type.Enum(['PENDING', 'SENT', 'DONE', 'REFUSED', 'UNKNOWN', 'UNDOING', 'UNDONE']),
  service: Type.String(),
  command: Type.String({ description: 'type of the command' }),
  undo: Type.Optional(Type.String({ description: 'type of the compensation' })),
  did: Type.Optional(
    Type.Object(
      { outcome: Type.Enum(['SENT', 'DONE', 'REFUSED', 'UNKNOWN']), ...Attempted },
      { description: 'how the action came out; absent while it has not been sent' },
    ),
  ),
  undid: Type.Optional(
    Type.Object(
      { outcome: Type.Enum(['UNDOING', 'UNDONE', 'STANDS']), ...Attempted },
      { description: 'how the compensation came out; absent while it has not been sent' },
    ),
  ),
});

/** A line of the sequence diagram, in the order of time. */
export const TimelineEntry = Type.Object({
  at: Timestamp,
  kind: Type.Enum([
    'begin',
    'command',
    'reply',
    'timeout',
    'dead-letter',
    'parked',
    'decision',
    'event',
    'end',
  ]),
  from: Type.String({ description: 'a service, client or operator' }),
  to: Type.String(),
  label: Type.String({ description: 'for people' }),
  step: Type.Optional(Type.String()),
  action: Type.Optional(Type.Enum(['do', 'undo'])),
  type: Type.Optional(Type.String({ description: "the message's CloudEvents type" })),
  messageId: Type.Optional(Type.String({ description: "the message's CloudEvents id" })),
  topic: Type.Optional(Type.String()),
  key: Type.Optional(Type.String({ description: 'masked for viewers where it is personal' })),
  attempts: Type.Optional(Type.Integer({ description: 'how often it was sent' })),
  outcome: Type.Optional(
    Type.String({ description: 'done, refused, unknown, undone, stands; an end: the status' }),
  ),
  detail: Type.Optional(Type.String()),
  payload: Type.Optional(Type.Unknown({ description: 'for viewers personal data is masked' })),
  letterId: Type.Optional(Type.Integer()),
});
export type TimelineEntry = Static<typeof TimelineEntry>;

export const SagaDetail = Type.Object({
  ...SagaSummary.properties,
  definitionVersion: Type.Integer(),
  traceparent: Type.Optional(Type.String()),
  instance: Type.String({ description: 'the instance of the orchestrator that has its client' }),
  context: Type.Record(Type.String(), Type.Unknown(), { description: 'for viewers personal data is masked' }),
  locked: Type.Boolean({ description: 'whether it holds its seats' }),
  steps: Type.Array(SagaStep),
  timeline: Type.Array(TimelineEntry),
  letters: Type.Array(Letter, { description: 'its dead letters, at most 100' }),
  audit: Type.Array(AuditEntry, { description: 'what operators decided, at most 100' }),
  possible: Type.Array(Decision, { description: 'decisions that it can be given now' }),
});
export type SagaDetail = Static<typeof SagaDetail>;

export const sagaFilter = {
  status: Type.Optional(Type.Array(SagaStatus, { maxItems: 6 })),
  type: Type.Optional(Type.String({ maxLength: 64 })),
  overdue: Type.Optional(Type.Boolean({ description: 'only those whose deadline has passed for over 2 s' })),
  startedBefore: Type.Optional(Timestamp),
  userId: Type.Optional(Uuid),
  lockKey: Type.Optional(Type.String({ maxLength: 200 })),
};

/** `version` is the one that the operator has seen: a saga that has moved since isn't touched. */
export const DecisionBody = Type.Object(
  { version: Type.Integer({ minimum: 1 }), reason: Type.Optional(Reason) },
  { additionalProperties: false },
);
export const SettleBody = Type.Object(
  { version: Type.Integer({ minimum: 1 }), reason: Type.String({ ...Reason, minLength: 10 }) },
  { additionalProperties: false },
);
