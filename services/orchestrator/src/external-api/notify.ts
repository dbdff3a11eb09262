import type { CloudEvent } from '@holdfast/shared/messaging/cloud-event';
import { Webhook } from 'standardwebhooks';

export type ExternalApi = {
  url: string;
  /** `whsec_…` */
  secret: string | undefined;
  timeoutMs: number;
};

/**
 * POSTs a CloudEvent in the HTTP binding's structured mode, signed by the Standard Webhooks specification. The event's
 * id is the message's: it may come more than once, and the receiver can drop what it has seen.
 *
 * @throws when it isn't answered with a 2xx in time, or when the process is stopping: then another tells it
 */
export async function notify(
  { url, secret, timeoutMs }: ExternalApi,
  event: CloudEvent,
  stopping: AbortSignal,
): Promise<void> {
  const { id, type, source, time, subject, traceparent, data } = event;
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    type,
    source,
    time,
    ...(subject !== undefined && { subject }),
    datacontenttype: 'application/json',
    data,
  });
  const at = new Date();
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      ...(secret && { 'webhook-signature': new Webhook(secret).sign(id, at, body) }),
      ...(traceparent && { traceparent }),
    },
    body,
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping]),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}
