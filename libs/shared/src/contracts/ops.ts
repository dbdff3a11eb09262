import Type, { type Static } from 'typebox';
import { Timestamp, Uuid } from './values.ts';

/** What an operator has changed, or was about to: on `ops.audit`, the key is the subject. */
export const Audited = Type.Object({
  auditId: Type.Integer(),
  at: Timestamp,
  operator: Type.Object({ operatorId: Uuid, name: Type.Optional(Type.String()) }),
  action: Type.Enum([
    'saga.retry',
    'saga.compensate',
    'saga.settle',
    'letter.edit',
    'letter.discard',
    'letter.import',
    'letter.export',
    'replay.start',
    'replay.stop',
    'replay.end',
  ]),
  subject: Type.String({ description: 'saga/<id>, letter/<id>, replay/<id>, or letters' }),
  reason: Type.Optional(Type.String()),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
  outcome: Type.Enum(['done', 'intended', 'failed'], {
    description: 'intended: told before the act; another entry tells how it came out',
  }),
});
export type Audited = Static<typeof Audited>;

export const auditedType = 'ops.audited';
