import { transactionDuration } from './metrics.ts';
import { timed } from './registry.ts';
import { inSpanOfEach, isSampled, SpanKind } from './spans.ts';

/** A transaction of a whole batch, measured: a span in each of its traces that is recorded. */
export function inTransactionSpan<Result>(
  service: string,
  batch: readonly { traceparent?: string | undefined }[],
  work: () => Promise<Result>,
): Promise<Result> {
  const parents = batch.map(({ traceparent }) => traceparent);
  const attributes = {
    'db.system.name': 'postgresql',
    'db.namespace': service,
    'db.operation.name': 'transaction',
    'db.operation.batch.size': batch.length,
  };
  const observe = (seconds: number, error_type: string) =>
    transactionDuration(
      seconds,
      { db_namespace: service, db_operation_name: 'transaction', error_type },
      parents.find(isSampled),
    );
  return timed(observe, () =>
    inSpanOfEach(`transaction ${service}`, parents, { kind: SpanKind.CLIENT, attributes }, work),
  );
}
