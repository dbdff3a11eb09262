import { Timestamp } from '@holdfast/shared/contracts/values';
import Type, { type Static } from 'typebox';

const Latency = Type.Object({ p50: Type.Number(), p95: Type.Number(), p99: Type.Number() });

export const Lag = Type.Object({
  group: Type.String(),
  topic: Type.String(),
  lag: Type.Integer({ description: 'messages that are not processed yet' }),
});

export const ExternalApi = Type.Object({
  breaker: Type.Enum(['closed', 'open', 'half-open'], {
    description: 'open: it is away, and asked once in a while; half-open: it is being asked',
  }),
  since: Timestamp,
  lastFailure: Type.Optional(
    Type.String({ description: 'what came of the last event that it did not take' }),
  ),
});

export const Overview = Type.Object({
  at: Timestamp,
  windowS: Type.Integer({ description: 'the seconds before `at` that rates and latencies are of' }),
  sagas: Type.Object({
    startedPerSecond: Type.Number(),
    endedPerSecond: Type.Number(),
    byType: Type.Array(
      Type.Object({
        type: Type.String(),
        startedPerSecond: Type.Number(),
        completed: Type.Integer(),
        compensated: Type.Integer(),
        latencyMs: Type.Optional(Latency),
      }),
      { description: 'of those that were started within the window' },
    ),
    inFlight: Type.Integer(),
    compensating: Type.Integer({ description: 'of those in flight' }),
    overdue: Type.Integer({ description: 'of those in flight: no answer for over 2 s beyond the deadline' }),
    parked: Type.Integer(),
    oldestInFlightMs: Type.Optional(Type.Integer()),
  }),
  deadLetters: Type.Object({
    open: Type.Integer(),
    newInWindow: Type.Integer(),
    byTopic: Type.Array(Type.Object({ topic: Type.String(), open: Type.Integer() })),
  }),
  replays: Type.Object({ running: Type.Integer() }),
  locks: Type.Object({ held: Type.Integer() }),
  externalApi: Type.Optional(ExternalApi),
  lag: Type.Array(Lag, { description: 'by consumer group and topic; read every 5 s' }),
});
export type Overview = Static<typeof Overview>;
