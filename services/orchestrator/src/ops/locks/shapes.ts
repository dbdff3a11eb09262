import { Timestamp, Uuid } from '@holdfast/shared/contracts/values';
import Type from 'typebox';
import { SagaStatus } from '../sagas/shapes.ts';

export const HeldLock = Type.Object({
  lockKey: Type.String({ description: 'seat:<concertSeatId>' }),
  sagaId: Uuid,
  sagaType: Type.Optional(Type.String()),
  sagaStatus: Type.Optional(SagaStatus),
  since: Timestamp,
  redis: Type.Object({
    state: Type.Enum(['held', 'missing', 'other', 'unknown'], {
      description:
        'missing: Redis has forgotten it, and the row still guards; other: it names another holder',
    }),
    expiresInMs: Type.Optional(Type.Integer()),
  }),
});
