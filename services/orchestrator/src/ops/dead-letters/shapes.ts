import { Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import Type, { type Static } from 'typebox';
import { Operator } from '../operator.ts';

/**
 * - `OPEN`: nobody has dealt with it.
 * - `QUEUED`: a replay will send it, or is sending it.
 * - `REPLAYED`: sent to its topic again, as it was.
 * - `EDITED`: another message was sent in its place.
 * - `FAILED_AGAIN`: replayed or edited, and it came back: as the letter `successor`.
 * - `DISCARDED`: given up, with a reason.
 */
export const LetterStatus = Type.Enum(['OPEN', 'QUEUED', 'REPLAYED', 'EDITED', 'FAILED_AGAIN', 'DISCARDED']);
export type LetterStatus = Static<typeof LetterStatus>;

export const LetterId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** Names a group of letters: those of one topic, consumer group, error class and stack. */
export const ErrorGroup = Type.String({ pattern: '^[0-9a-f]{12}$', description: 'id of an error group' });

/** Which letters: all conditions have to hold. */
export const letterFilter = {
  topic: Type.Optional(Type.String({ maxLength: 249, description: 'the topic that it was on' })),
  errorGroup: Type.Optional(ErrorGroup),
  consumerGroup: Type.Optional(
    Type.String({ maxLength: 255, description: 'the consumer group that gave up' }),
  ),
  type: Type.Optional(Type.String({ maxLength: 255, description: "the message's CloudEvents type" })),
  sagaId: Type.Optional(Uuid),
  since: Type.Optional(Type.String({ format: 'date-time', description: 'last failure at or after' })),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'last failure before' })),
};

/** Which letters are to be changed. Without `letterIds` only open ones are meant. */
export const LetterSelection = Type.Object(
  {
    letterIds: Type.Optional(
      Type.Array(LetterId, {
        minItems: 1,
        maxItems: 1_000,
        description: 'these; also ones that were replayed or discarded before',
      }),
    ),
    ...letterFilter,
  },
  { additionalProperties: false, minProperties: 1 },
);
export type LetterSelection = Static<typeof LetterSelection>;

/**
 * What a replay would do now.
 *
 * - `will-run`: it is done, or for an event delivered again.
 * - `already-done`: it was done before; it is answered again, and nothing changes.
 * - `cancelled-since`: its saga has given it up; it does nothing.
 * - `below-floor`: its saga has ended so long ago that it is turned away.
 * - `unreadable`: it would fail again at once.
 * - `unknown`: the service that would know doesn't answer.
 */
export const Verdict = Type.Enum([
  'will-run',
  'already-done',
  'cancelled-since',
  'below-floor',
  'unreadable',
  'unknown',
]);
export type Verdict = Static<typeof Verdict>;

export const Judgement = Type.Object({
  verdict: Verdict,
  explanation: Type.String({ description: 'for people' }),
});
export type Judgement = Static<typeof Judgement>;

export const Letter = Type.Object({
  letterId: LetterId,
  status: LetterStatus,
  topic: Type.String({ description: 'the topic that it was on' }),
  partition: Type.Integer(),
  offset: Type.String(),
  producedAt: Timestamp,
  deadLetter: Type.Object(
    { topic: Type.String(), partition: Type.Integer(), offset: Type.String() },
    { description: 'where it lies' },
  ),
  key: Type.Optional(Type.String({ description: 'masked for viewers where it is personal' })),
  messageId: Type.Optional(Type.String({ description: "the message's CloudEvents id" })),
  type: Type.Optional(Type.String()),
  sagaId: Type.Optional(Uuid),
  step: Type.Optional(Type.String()),
  action: Type.Optional(Type.Enum(['do', 'undo'])),
  consumerGroup: Type.String(),
  error: Type.Object({ class: Type.String(), message: Type.String(), stackHash: Type.String() }),
  errorGroup: ErrorGroup,
  attempts: Type.Integer({ description: 'how often it was tried before it was given up' }),
  firstFailure: Timestamp,
  lastFailure: Timestamp,
  bytes: Type.Integer({ description: 'of its value' }),
  replays: Type.Integer({ description: 'how often it, or what it comes from, was sent again' }),
  predecessor: Type.Optional(LetterId),
  successor: Type.Optional(LetterId),
  replayId: Type.Optional(Type.Integer({ description: 'the replay that it was part of last' })),
  closedAt: Type.Optional(Timestamp),
  closedBy: Type.Optional(Operator),
  closedReason: Type.Optional(Type.String()),
});
export type Letter = Static<typeof Letter>;

export const LetterDetail = Type.Object({
  ...Letter.properties,
  headers: Type.Record(Type.String(), Type.String(), {
    description: "the message's own, dlq_… aside; what is personal is masked for viewers",
  }),
  encoding: Type.Enum(['json', 'text', 'base64', 'none'], { description: 'how `payload` shows the value' }),
  payload: Type.Optional(
    Type.Unknown({ description: 'JSON where it can be read; for viewers personal data is masked' }),
  ),
  judgement: Judgement,
  editable: Type.Boolean({ description: 'whether POST …/edit can be used' }),
  notEditableBecause: Type.Optional(Type.String()),
  expected: Type.Optional(
    Type.Unknown({
      description: "the payload that the command's saga would send now: the one to edit it to",
    }),
  ),
  schema: Type.Optional(Type.Unknown({ description: 'the JSON Schema that an edited payload has to fit' })),
});
export type LetterDetail = Static<typeof LetterDetail>;

export const LetterGroup = Type.Object({
  errorGroup: ErrorGroup,
  topic: Type.String(),
  consumerGroup: Type.String(),
  error: Type.Object({
    class: Type.String(),
    message: Type.String({ description: 'of the newest' }),
    stackHash: Type.String(),
  }),
  types: Type.Array(Type.String(), { description: 'of messages, at most 10' }),
  count: Type.Integer(),
  oldest: Timestamp,
  newest: Timestamp,
  newestLetterId: LetterId,
  maxReplays: Type.Integer({ description: 'the most that one of them was replayed' }),
});

/** What a replay of a selection would do: all of it is examined up to `examined` letters, the oldest first. */
export const Preview = Type.Object({
  total: Type.Integer({ description: 'letters that would be sent' }),
  examined: Type.Integer(),
  skipped: Type.Integer({
    description: 'letters selected that cannot be sent: dealt with, or replayed too often',
  }),
  verdicts: Type.Record(Type.String(), Type.Integer(), { description: 'by verdict, of those examined' }),
  examples: Type.Array(
    Type.Object({ letterId: LetterId, type: Type.Optional(Type.String()), ...Judgement.properties }),
    { description: 'at most 20 of each verdict' },
  ),
});

/** A letter on its way out of one installation or into another, byte for byte. */
export const PortableLetter = Type.Object(
  {
    topic: Type.String({ maxLength: 249, description: 'the dead-letter topic' }),
    key: Type.Union([Type.String({ maxLength: 3_000_000 }), Type.Null()], { description: 'base64' }),
    value: Type.Union([Type.String({ maxLength: 3_000_000 }), Type.Null()], { description: 'base64' }),
    headers: Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]), {
      description: 'base64, dlq_… included; several of one name as an array',
    }),
  },
  { additionalProperties: false },
);
export type PortableLetter = Static<typeof PortableLetter>;
