import type { OutgoingRecord, ReceivedRecord } from '../messaging/cloud-event.ts';
import { consumedMessages, processDuration } from './metrics.ts';
import { timed } from './registry.ts';
import { endSpan, isSampled, type Span, SpanKind, startSpan, traceparentOf } from './spans.ts';

/**
 * The spans of messages, by the semantic conventions for messaging: one for each that is sent, and one for each that is
 * processed, though batches carry them. So a payment is one trace; see docs/decisions/012.
 */

/** Publishes each message that is of a recorded trace in a span, which becomes the parent of what its consumer does. */
export function traceSends(
  publish: (records: OutgoingRecord[]) => Promise<void>,
): (records: OutgoingRecord[]) => Promise<void> {
  return async (records) => {
    const spans: Span[] = [];
    const sent = records.map((record) => {
      const parent = record.headers.traceparent as string | undefined;
      if (!isSampled(parent)) return record;
      const span = startSpan(`send ${record.topic}`, parent, {
        kind: SpanKind.PRODUCER,
        attributes: {
          ...attributesOf(record, 'send'),
          'messaging.batch.message_count': records.length,
        },
      });
      spans.push(span);
      return { ...record, headers: { ...record.headers, traceparent: traceparentOf(span) ?? parent } };
    });
    try {
      await publish(sent);
      for (const span of spans) endSpan(span);
    } catch (error) {
      for (const span of spans) endSpan(span, error ?? 'error');
      throw error;
    }
  };
}

type Received<Message> = { record: ReceivedRecord; message: Message };

/**
 * Handles a batch of one partition, in a span for each of its messages that is of a recorded trace. From then on the message's own
 * `traceparent`, if it has one, is that of this span.
 */
export async function traceProcessing<Message>(
  group: string,
  batch: readonly Received<Message>[],
  handle: (messages: Message[]) => Promise<void>,
): Promise<void> {
  const messages = batch.map(({ message }) => message);
  const spans: Span[] = [];
  for (const { record, message } of batch) {
    const parent = record.headers.traceparent?.toString();
    // Only of what is read as a message of ours, which has checked the header.
    if (!isSampled(parent) || !carriesTrace(message)) continue;
    const span = startSpan(`process ${record.topic}`, parent, {
      kind: SpanKind.CONSUMER,
      attributes: {
        ...attributesOf(record, 'process'),
        'messaging.consumer.group.name': group,
        'messaging.destination.partition.id': String(record.partition),
        'messaging.kafka.offset': Number(record.offset),
        'messaging.batch.message_count': batch.length,
      },
    });
    message.traceparent = traceparentOf(span) ?? parent;
    spans.push(span);
  }
  const topic = batch[0]?.record.topic ?? '';
  const labels = { messaging_destination_name: topic, messaging_consumer_group_name: group };
  consumedMessages.inc(labels, batch.length);
  const observe = (seconds: number, error_type: string) =>
    processDuration(seconds, { ...labels, error_type }, spans[0] && traceparentOf(spans[0]));
  try {
    await timed(observe, () => handle(messages));
    for (const span of spans) endSpan(span);
  } catch (error) {
    for (const span of spans) endSpan(span, error ?? 'error');
    throw error;
  }
}

const carriesTrace = (message: unknown): message is { traceparent: string } =>
  typeof message === 'object' && message !== null && 'traceparent' in message;

const text = (header: ReceivedRecord['headers'][string] | undefined): string | undefined =>
  header == null || Array.isArray(header) ? undefined : header.toString();

// Not the key: of a command to the balance service it is the user.
const attributesOf = (
  { topic, headers }: Pick<ReceivedRecord, 'topic' | 'headers'>,
  operation: 'send' | 'process',
) => ({
  'messaging.system': 'kafka',
  'messaging.destination.name': topic,
  'messaging.operation.name': operation,
  'messaging.operation.type': operation,
  'messaging.message.id': text(headers.ce_id),
  'messaging.message.conversation_id': text(headers.ce_sagaid),
  'cloudevents.event_type': text(headers.ce_type),
});
