import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EachBatchPayload, IHeaders } from 'kafkajs';
import type { Logger } from 'pino';
import { isPassing as isPassingInDatabase } from '../database/faults.ts';
import { Poison, type ReceivedRecord } from './cloud-event.ts';
import { deadLetter } from './dead-letter.ts';
import { isKafkasFault, type KafkaConnection } from './kafka.ts';
import { trackOffsets } from './offsets.ts';
import { isTooLarge } from './pack.ts';

export type Consumption = {
  /** The partitions that this instance reads now, by topic. */
  assigned: (topic: string) => readonly number[];
  /** Throws unless the group is joined. */
  check: () => Promise<void>;
  /** Ends what is being handled, commits, and leaves the group, so that another has the partitions at once. */
  stop: () => Promise<void>;
};

export type ConsumeOptions<Message> = {
  kafka: KafkaConnection;
  group: string;
  topics: string[];
  /** Reads one record; a `Poison` that it throws sends the record to the dead letters at once. */
  decode: (record: ReceivedRecord) => Message;
  /**
   * Processes messages of one partition in their order. It has to be all or nothing: where it throws, the same messages
   * come again, in smaller batches where the fault doesn't look passing. What can take long ends by `stopping`.
   */
  handle: (messages: Message[], stopping: AbortSignal) => Promise<void>;
  /** Each message is handled by itself, `maxBatch` of them at once: their order and each other's failures don't matter. */
  independent?: boolean;
  /** So many at most are handled at once: what a rebalance or a shutdown has to wait for stays bounded. */
  maxBatch?: number;
  /** How many times a message that stands alone may fail, passing faults aside, before it goes to the dead letters. */
  attempts?: number;
  /** The pause between attempts is anything up to a bound that doubles from `firstMs` to `maxMs` (full jitter). */
  pause?: Pause;
  /** Runs before offsets are committed; a failure leaves them for the next time. */
  beforeOffsets?: () => Promise<void>;
  /** The client has given up for good; the process has to end, for its supervisor to start it anew. */
  onFatal: (error: Error) => void;
  log: Logger;
};

type Pause = { firstMs: number; maxMs: number };

const defaults = { maxBatch: 500, attempts: 5, pause: { firstMs: 50, maxMs: 1_000 } };
/** A batch that neither ends nor fails for so long hangs: kafkajs has no timeout of its own (#447). */
const watchdogMs = 60_000;

type Received<Message> = { record: ReceivedRecord; message: Message };
type Flow = Pick<EachBatchPayload, 'heartbeat' | 'isStale'> & { stopping: AbortSignal };

/** What failed says nothing of the message, whatever it is: it is tried again for as long as that lasts. */
export class Passing extends Error {
  override name = 'Passing';
}

/** Thrown out of a batch that this instance may not go on with: it belongs to another, or the process stops. */
class Abandoned extends Error {
  override name = 'Abandoned';
}

export async function consume<Message>(options: ConsumeOptions<Message>): Promise<Consumption> {
  const { kafka, topics, log, onFatal, maxBatch = defaults.maxBatch } = options;
  const consumer = kafka.consumer(options.group);
  const offsets = trackOffsets(consumer, options);
  let assignment: Record<string, number[]> | undefined;

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assignment = payload.memberAssignment;
    offsets.keepOnly(payload.memberAssignment);
    log.info({ assignment }, 'group joined');
  });
  consumer.on(consumer.events.REBALANCING, () => {
    assignment = undefined;
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    assignment = undefined;
    log.warn({ err: payload.error, restart: payload.restart }, 'consumer crashed');
    if (!payload.restart) onFatal(payload.error);
  });

  const stop = new AbortController();
  const stopping = stop.signal;
  // Whatever is under way may listen; Node takes more than ten for a leak.
  setMaxListeners(0, stopping);

  async function takeBatch({ batch, resolveOffset, heartbeat, isStale }: EachBatchPayload): Promise<void> {
    const topic = kafka.logical(batch.topic);
    for (let at = 0; at < batch.messages.length; at += maxBatch) {
      const records = batch.messages.slice(at, at + maxBatch).map(
        ({ key, value, headers, offset, timestamp }): ReceivedRecord => ({
          topic,
          partition: batch.partition,
          offset,
          timestamp,
          key,
          value,
          headers: headersOf(headers),
        }),
      );
      try {
        await processRecords(options, records, { heartbeat, isStale, stopping });
      } catch (error) {
        if (error instanceof Abandoned) return;
        throw error;
      }
      const last = (records.at(-1) as ReceivedRecord).offset;
      resolveOffset(last);
      offsets.done(batch.topic, batch.partition, last);
      await heartbeat();
    }
  }

  const underWay = new Set<Promise<void>>();
  const leave = async (): Promise<void> => {
    stop.abort();
    await Promise.allSettled(underWay);
    // Before kafkajs is told to stop: from then on it commits nothing, and says nothing of it.
    await offsets.stop();
    await consumer.stop();
    await consumer.disconnect();
  };

  try {
    await kafka.coordinatorOf(options.group);
    await consumer.connect();
    await consumer.subscribe({ topics: topics.map(kafka.physical), fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 16,
      eachBatch: async (payload) => {
        if (stopping.aborted) return;
        const work = takeBatch(payload);
        underWay.add(work);
        await work.finally(() => underWay.delete(work));
      },
    });
  } catch (error) {
    await leave();
    throw error;
  }

  return {
    assigned: (topic) => assignment?.[kafka.physical(topic)] ?? [],
    check: async () => {
      if (!assignment) throw new Error(`group ${options.group} is not joined`);
    },
    stop: leave,
  };
}

/** Headers as they came: kafkajs takes what every object inherits (`constructor`) for a first value of that name. */
export function headersOf(headers: IHeaders = {}): ReceivedRecord['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]): [string, Buffer | null | (Buffer | null)[]] => {
      if (!Array.isArray(value)) return [name, value as Buffer | null];
      const own = (value as unknown[]).filter((one) => one === null || Buffer.isBuffer(one)) as Buffer[];
      return [name, own.length === 1 ? (own[0] as Buffer) : own];
    }),
  );
}

async function processRecords<Message>(
  options: ConsumeOptions<Message>,
  records: ReceivedRecord[],
  flow: Flow,
): Promise<void> {
  const readable: Received<Message>[] = [];
  for (const record of records) {
    try {
      readable.push({ record, message: options.decode(record) });
    } catch (error) {
      await bury(options, record, error as Error, 1, new Date(), flow);
    }
  }
  if (options.independent) await Promise.all(readable.map((one) => process(options, [one], flow)));
  else if (readable.length > 0) await process(options, readable, flow);
}

/**
 * A passing fault (connection lost, deadlock) is waited out for as long as it lasts. Any other splits the batch until
 * the culprit stands alone; that one is tried a few times more and then dead-lettered, so that the others go on.
 */
async function process<Message>(
  options: ConsumeOptions<Message>,
  batch: Received<Message>[],
  flow: Flow,
): Promise<void> {
  const firstFailure = new Date();
  const { attempts = defaults.attempts, pause = defaults.pause } = options;
  for (let attempt = 1, failures = 0; ; attempt++) {
    if (flow.stopping.aborted || flow.isStale()) throw new Abandoned();
    try {
      return await watched(
        options.handle(
          batch.map(({ message }) => message),
          flow.stopping,
        ),
        options,
        flow,
      );
    } catch (error) {
      // Cut off by the stop, perhaps; in any case it comes again, to whoever has the partition then.
      if (flow.stopping.aborted) throw new Abandoned();
      const passing = isPassing(error);
      // Whoever says that it passes has said so in a line of its own, not in one for each message that waits.
      const level = error instanceof Passing ? 'debug' : 'warn';
      options.log[level]({ err: error, passing, attempt, size: batch.length }, 'batch failed');
      if (!passing && batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        await process(options, batch.slice(0, half), flow);
        return process(options, batch.slice(half), flow);
      }
      const alone = batch[0] as Received<Message>;
      if (!passing) failures++;
      if (error instanceof Poison || failures >= attempts)
        return bury(options, alone.record, error as Error, attempt, firstFailure, flow);
      await backoff(attempt, pause, flow);
    }
  }
}

async function bury<Message>(
  { kafka, group, log }: ConsumeOptions<Message>,
  record: ReceivedRecord,
  error: Error,
  attempts: number,
  firstFailure: Date,
  flow: Flow,
): Promise<void> {
  const letter = deadLetter(record, { error, attempts, firstFailure, lastFailure: new Date(), group });
  // The offset moves on only once the letter is safe.
  for (let attempt = 1; ; attempt++) {
    try {
      await kafka.publish([letter]);
      const { topic, partition, offset } = record;
      log.error({ err: error, topic, partition, offset }, 'message dead-lettered');
      return;
    } catch (publishError) {
      log.warn({ err: publishError }, 'dead letter not published yet');
      if (flow.stopping.aborted || flow.isStale()) throw new Abandoned();
      await backoff(attempt, defaults.pause, flow);
    }
  }
}

/** Also heartbeats, without which a partition that waits would be given to another that then waits as well. */
async function backoff(
  attempt: number,
  { firstMs, maxMs }: Pause,
  { heartbeat, stopping }: Flow,
): Promise<void> {
  const ms = Math.min(firstMs * 2 ** (attempt - 1), maxMs);
  await sleep(ms * Math.random(), undefined, { signal: stopping }).catch(() => undefined);
  await heartbeat();
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof Passing || isPassingInDatabase(error) || (isKafkasFault(error) && !isTooLarge(error))
  );
}

/** kafkajs sends heartbeats only when asked: work that takes long would cost the partition in the midst of it. */
async function watched<Message>(
  work: Promise<void>,
  { group, onFatal }: ConsumeOptions<Message>,
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
