import { randomBytes } from 'node:crypto';

/** Version ff is invalid; version 00 is 55 characters and no more, a later one may go on. */
const shape = /^(?!ff|00.{54})[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?$/;
const allZeros = /^0+$/;

/** Whether it looks like a trace context. */
export const isTraceparent = (text: string | undefined): text is string =>
  text !== undefined && shape.test(text);

/**
 * The caller's trace context; undefined when there is none or it isn't valid.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function traceparentFrom(header: unknown): string | undefined {
  const [, traceId = '0', parentId = '0', flags] = shape.exec(typeof header === 'string' ? header : '') ?? [];
  return allZeros.test(traceId) || allZeros.test(parentId) ? undefined : `00-${traceId}-${parentId}-${flags}`;
}

/** The start of a trace that nobody records: what belongs together is known by it all the same. */
export const newTraceparent = (): string =>
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
