import { type CloudEvent, Poison } from '@holdfast/shared/messaging/cloud-event';
import { inSpan, SpanKind } from '@holdfast/shared/telemetry/spans';
import { Webhook } from 'standardwebhooks';

export type ExternalApi = {
  url: string;
  /** `whsec_…`; what is sent is signed with each, so that a receiver can go over from one to the next. */
  secrets: readonly string[];
  timeoutMs: number;
};

/** It was answered that this event will never be taken. */
export class Refused extends Poison {
  override name = 'Refused';
}

/** It wasn't taken this time: no answer, or one that may be another next time. */
export class NotTaken extends Error {
  override name = 'NotTaken';
  /** How long the receiver asks to be left alone; undefined where it isn't busy. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { cause, retryAfterMs }: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * What says something of the event and not of the receiver: any other would be refused no less tomorrow. 401, 403 and
 * 404 aren't among them: so answers a receiver whose secret, proxy or deployment is being changed, to every event.
 */
const refusals: ReadonlySet<number> = new Set([400, 406, 409, 410, 411, 413, 414, 415, 422]);

/**
 * POSTs a CloudEvent in the HTTP binding's structured mode, signed by the Standard Webhooks specification. The event's
 * id is the message's: it may come more than once, and the receiver can drop what it has seen.
 *
 * @throws Refused by an answer that is final
 * @throws NotTaken by any other that isn't a 2xx, by none in time, or when the process is stopping: then another tells it
 */
export async function notify(
  { url, secrets, timeoutMs }: ExternalApi,
  event: CloudEvent,
  stopping: AbortSignal,
): Promise<void> {
  const { id, type, source, time, subject, dataschema, traceparent, data } = event;
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    type,
    source,
    time,
    ...(subject !== undefined && { subject }),
    ...(dataschema !== undefined && { dataschema }),
    datacontenttype: 'application/json',
    data,
  });
  const at = new Date();
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
  const span = {
    kind: SpanKind.CLIENT,
    attributes: { 'http.request.method': 'POST', 'server.address': new URL(url).hostname },
  };
  await inSpan('POST', traceparent, span, async (traceparent, span) => {
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
      ...(traceparent && { traceparent }),
    };
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      // What is signed for one place isn't carried to another.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping]),
    }).catch((error: Error) => {
      throw new NotTaken(`no answer: ${(error.cause as Error | undefined)?.message || error.message}`, {
        cause: error,
      });
    });
    // Nobody reads it, and whether it comes to its end is of no concern.
    await response.body?.cancel().catch(() => undefined);
    span?.setAttribute('http.response.status_code', response.status);
    throwUnlessTaken(response, at);
  });
}

function throwUnlessTaken({ ok, status, headers }: Response, at: Date): void {
  if (ok) return;
  if (refusals.has(status)) throw new Refused(`it answered ${status}`);
  const busy = status === 429 || status === 503;
  throw new NotTaken(
    `it answered ${status}`,
    busy ? { retryAfterMs: retryAfter(headers.get('retry-after'), at) } : {},
  );
}

/** A receiver that asks for longer is asked again all the same. */
const maxRetryAfterMs = 3_600_000;

/** RFC 9110: seconds, or a date. None, or one that can't be read, is no time at all. */
function retryAfter(header: string | null, now: Date): number {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), maxRetryAfterMs);
}
