import { Timestamp } from '@holdfast/shared/contracts/values';
import { defaulted } from '@holdfast/shared/http/defaulted';
import Type, { type Static } from 'typebox';
import { LetterSelection } from '../dead-letters/shapes.ts';
import { Operator, Reason } from '../operator.ts';

export const ReplayId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

export const NewReplay = Type.Object(
  {
    select: LetterSelection,
    rate: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: 5_000,
        default: 100,
        description: 'letters a second; of more than 5, the first 5 go alone, 5 s ahead of the others',
      }),
    ),
    stopAfter: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        default: 5,
        description: 'stops once so many have failed again',
      }),
    ),
    reason: Type.Optional(Reason),
  },
  { additionalProperties: false },
);

/**
 * - `RUNNING`: letters are being sent, by whichever instance of the orchestrator is alive.
 * - `DONE`: all were sent.
 * - `STOPPED`: by an operator, or because too many failed again; those not sent yet are open again.
 */
export const ReplayStatus = Type.Enum(['RUNNING', 'DONE', 'STOPPED']);

export const Replay = Type.Object({
  replayId: ReplayId,
  status: ReplayStatus,
  select: LetterSelection,
  rate: Type.Integer(),
  stopAfter: Type.Integer(),
  total: Type.Integer({ description: 'letters that it took on' }),
  skipped: Type.Integer({
    description: 'letters selected that it could not take: dealt with, or replayed too often',
  }),
  sent: Type.Integer(),
  failedAgain: Type.Integer({ description: 'of those sent; also counts on after the end' }),
  stoppedBecause: Type.Optional(Type.String()),
  startedBy: Operator,
  reason: Type.Optional(Type.String()),
  startedAt: Timestamp,
  endedAt: Type.Optional(Timestamp),
});
export type Replay = Static<typeof Replay>;
