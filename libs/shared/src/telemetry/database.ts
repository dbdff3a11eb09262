import { inSpanOfEach, SpanKind } from './spans.ts';

/** A transaction of a whole batch: a span in each of its traces that is recorded. */
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
  return inSpanOfEach(`transaction ${service}`, parents, { kind: SpanKind.CLIENT, attributes }, work);
}
