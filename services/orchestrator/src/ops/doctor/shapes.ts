import { Timestamp } from '@holdfast/shared/contracts/values';
import Type, { type Static } from 'typebox';

export const Finding = Type.Object({
  area: Type.Enum([
    'services',
    'kafka',
    'postgres',
    'redis',
    'sagas',
    'dead-letters',
    'outbox',
    'external-api',
    'ledger',
    'clock',
  ]),
  check: Type.String({ description: 'stable name, such as topic:balance.commands' }),
  status: Type.Enum(['ok', 'warning', 'failed']),
  detail: Type.String({ description: 'for people: what was seen' }),
  advice: Type.Optional(Type.String({ description: 'for people: what to do' })),
});
export type Finding = Static<typeof Finding>;

export const Examination = Type.Object({
  at: Timestamp,
  status: Type.Enum(['ok', 'warning', 'failed'], { description: 'the worst of the findings' }),
  findings: Type.Array(Finding),
});
