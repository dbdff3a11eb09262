import { isSampled, recordSpan } from '@holdfast/shared/telemetry/spans';
import { hasEnded, type Saga } from '../engine/saga.ts';
import type { Move } from './store.ts';

/**
 * A saga is a span of its trace, the parent of all that it sends, on whichever instance and however late. It is recorded
 * once the saga has ended; its id, which must be known before, follows from the saga's.
 */

/** What the saga's commands and events have as their parent. */
export function traceparentOfSaga({ traceparent, sagaId }: Pick<Saga, 'traceparent' | 'sagaId'>) {
  if (!isSampled(traceparent)) return traceparent;
  const [version, traceId, , flags] = traceparent.split('-');
  return [version, traceId, spanIdOf(sagaId), flags].join('-');
}

/** The random half of a UUID of version 7. */
const spanIdOf = (sagaId: string): string => sagaId.replaceAll('-', '').slice(16);

export function traceEnds(moves: readonly Move[]): void {
  for (const { saga, from } of moves) {
    if (!hasEnded(saga) || hasEnded(from)) continue;
    const { failure } = saga;
    recordSpan(`saga ${saga.type}`, saga.traceparent, {
      spanId: spanIdOf(saga.sagaId),
      startTime: saga.startedAt,
      attributes: {
        'holdfast.saga.id': saga.sagaId,
        'holdfast.saga.type': saga.type,
        'holdfast.saga.outcome': saga.status,
        ...(failure && { 'holdfast.saga.failure': failure.type, 'holdfast.saga.failure.code': failure.code }),
      },
      error: saga.status === 'COMPLETED' ? undefined : (failure?.type ?? saga.status),
    });
  }
}
