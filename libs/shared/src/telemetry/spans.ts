import {
  type Attributes,
  type Context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/**
 * Spans, made by hand: what is under way for many traces at once belongs to none of them, so that no library can tell by
 * itself where it is. The context goes where the work goes, as the W3C `traceparent` of requests, messages and rows.
 */

// Of a provider that is registered later; of none where tracing is off, and then its spans do nothing.
const tracer = trace.getTracer('holdfast');

export { type Span, SpanKind } from '@opentelemetry/api';

export type SpanOptions = {
  kind?: SpanKind;
  attributes?: Attributes;
  links?: Link[];
  startTime?: Date;
};

/** Whether its trace is recorded: only then is a span worth its cost. */
export const isSampled = (traceparent: string | undefined): traceparent is string =>
  traceparent !== undefined && (Number.parseInt(traceparent.slice(53, 55), 16) & 1) === 1;

/** @param parent undefined for the first span of a trace, which decides whether the trace is recorded */
export function startSpan(name: string, parent: string | undefined, options: SpanOptions = {}): Span {
  return tracer.startSpan(name, options, contextOf(parent));
}

/** Ends it; with an error, as failed. */
export function endSpan(span: Span, error?: unknown): void {
  if (error !== undefined) failSpan(span, error);
  span.end();
}

/** The error's class alone: messages of errors quote data. */
export function failSpan(span: Span, error: unknown): void {
  const type = error instanceof Error ? error.name : String(error);
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}

/** What those that follow from the span have as their parent; undefined where nothing is traced. */
export function traceparentOf(span: Span): string | undefined {
  const context = span.spanContext();
  if (!isSpanContextValid(context)) return undefined;
  return `00-${context.traceId}-${context.spanId}-0${context.traceFlags & 1}`;
}

let nextSpanId: string | undefined;
/** The id that the span which begins now is to have, where it is known already. */
export const givenSpanId = (): string | undefined => nextSpanId;

/**
 * Records a span that is over, under an id that was known before it began: others have named it as their parent, whichever
 * instance they ran on.
 */
export function recordSpan(
  name: string,
  parent: string | undefined,
  { spanId, error, ...options }: SpanOptions & { spanId: string; error?: string | undefined },
): void {
  if (!isSampled(parent)) return;
  nextSpanId = spanId;
  const span = startSpan(name, parent, options);
  nextSpanId = undefined;
  endSpan(span, error);
}

/** Does `work` in a span, whose context it is given; without one where the trace isn't recorded. */
export async function inSpan<Result>(
  name: string,
  parent: string | undefined,
  options: SpanOptions,
  work: (traceparent: string | undefined, span: Span | undefined) => Promise<Result>,
): Promise<Result> {
  if (!isSampled(parent)) return work(parent, undefined);
  const span = startSpan(name, parent, options);
  try {
    const result = await work(traceparentOf(span) ?? parent, span);
    endSpan(span);
    return result;
  } catch (error) {
    endSpan(span, error ?? 'error');
    throw error;
  }
}

/** Does the work of a batch, which is done for several traces at once: a span of its whole time in each that is recorded. */
export async function inSpanOfEach<Result>(
  name: string,
  parents: readonly (string | undefined)[],
  options: SpanOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const sampled = parents.filter(isSampled);
  if (sampled.length === 0) return work();
  const spans = sampled.map((parent) => startSpan(name, parent, options));
  try {
    const result = await work();
    for (const span of spans) endSpan(span);
    return result;
  } catch (error) {
    for (const span of spans) endSpan(span, error ?? 'error');
    throw error;
  }
}

export function spanContextOf(traceparent: string): SpanContext {
  const [, traceId = '', spanId = '', flags = '0'] = traceparent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

const contextOf = (traceparent: string | undefined): Context =>
  traceparent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContextOf(traceparent));

/** As log lines name them, so that a trace's lines are found. */
export function traceFields(traceparent: string | undefined): { trace_id?: string; span_id?: string } {
  if (traceparent === undefined) return {};
  const [, trace_id = '', span_id = ''] = traceparent.split('-');
  return { trace_id, span_id };
}
