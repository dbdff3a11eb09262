import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { validate as isUuid } from 'uuid';
import { isPassing as isPassingInDatabase } from '../database/faults.ts';
import { traceparentFrom } from '../http/traceparent.ts';
import { deadLetters } from '../telemetry/metrics.ts';
import { traceFields } from '../telemetry/spans.ts';
import type { ReceivedRecord } from './cloud-event.ts';
import { deadLetter } from './dead-letter.ts';
import { isKafkasFault } from './fault.ts';
import type { KafkaConnection } from './kafka.ts';
import { isTooLarge } from './pack.ts';

/** What becomes of messages that could not be processed, for consume.ts. */

/** What failed says nothing of the message, whatever it is: it is tried again for as long as that lasts. */
export class Passing extends Error {
  override name = 'Passing';
}

/** Thrown out of a batch that this instance may not go on with: it belongs to another, or the process stops. */
export class Abandoned extends Error {
  override name = 'Abandoned';
}

/** The pause between attempts is anything up to a bound that doubles from `firstMs` to `maxMs` (full jitter). */
export type Pause = { firstMs: number; maxMs: number };

export const defaults = { maxBatch: 500, attempts: 5, pause: { firstMs: 50, maxMs: 1_000 } };

/** What a batch needs to know of the consumer while it is being worked at. */
export type Flow = { heartbeat: () => Promise<void>; isStale: () => boolean; stopping: AbortSignal };

export function isPassing(error: unknown): boolean {
  return (
    error instanceof Passing || isPassingInDatabase(error) || (isKafkasFault(error) && !isTooLarge(error))
  );
}

/** Whoever says that a fault passes has said so in a line of its own, not in one for each message that waits. */
export const levelOf = (error: unknown): 'debug' | 'warn' => (error instanceof Passing ? 'debug' : 'warn');

/** @param random in [0, 1); the same one makes several wait for the same moment */
export const pauseMs = (attempt: number, { firstMs, maxMs }: Pause, random = Math.random()): number =>
  Math.min(firstMs * 2 ** (attempt - 1), maxMs) * random;

/** Also heartbeats, without which a partition that waits would be given to another that then waits as well. */
export async function backoff(attempt: number, pause: Pause, { heartbeat, stopping }: Flow): Promise<void> {
  await sleep(pauseMs(attempt, pause), undefined, { signal: stopping }).catch(() => undefined);
  await heartbeat();
}

export async function bury(
  { kafka, group, log }: { kafka: Pick<KafkaConnection, 'publish'>; group: string; log: Logger },
  record: ReceivedRecord,
  failure: { error: Error; attempts: number; firstFailure: Date },
  flow: Flow,
): Promise<void> {
  const letter = deadLetter(record, { ...failure, lastFailure: new Date(), group });
  // The offset moves on only once the letter is safe.
  for (let attempt = 1; ; attempt++) {
    try {
      await kafka.publish([letter]);
      const { topic, partition, offset } = record;
      deadLetters.inc({
        messaging_destination_name: topic,
        messaging_consumer_group_name: group,
        error_type: failure.error.name,
      });
      log.error({ err: failure.error, topic, partition, offset, ...whose(record) }, 'message dead-lettered');
      return;
    } catch (publishError) {
      log.warn({ err: publishError }, 'dead letter not published yet');
      if (flow.stopping.aborted || flow.isStale()) throw new Abandoned();
      await backoff(attempt, defaults.pause, flow);
    }
  }
}

/** The saga and the trace that a message says it is of, for log lines. */
export function whose({ headers }: ReceivedRecord): { sagaId?: string; trace_id?: string; span_id?: string } {
  const traceparent = traceparentFrom(headers.traceparent?.toString());
  const sagaId = headers.ce_sagaid?.toString();
  return { ...(isUuid(sagaId) && { sagaId: sagaId as string }), ...traceFields(traceparent) };
}

/** A batch that neither ends nor fails for so long hangs: kafkajs has no timeout of its own (#447). */
const watchdogMs = 60_000;

/** kafkajs sends heartbeats only when asked: work that takes long would cost the partition in the midst of it. */
export async function watched(
  work: Promise<unknown>,
  { group, onFatal }: { group: string; onFatal: (error: Error) => void },
  { heartbeat }: Flow,
): Promise<void> {
  // A heartbeat that fails (a rebalance) shows at the one that is waited for, after the work.
  const beat = setInterval(() => heartbeat().catch(() => undefined), 500);
  const hangs = setTimeout(
    () => onFatal(new Error(`${group}: a batch hangs for ${watchdogMs} ms`)),
    watchdogMs,
  );
  try {
    await work;
  } finally {
    clearInterval(beat);
    clearTimeout(hangs);
  }
}
