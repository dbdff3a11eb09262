import { setMaxListeners } from 'node:events';
import type { EachBatchPayload, IHeaders } from 'kafkajs';
import type { Logger } from 'pino';
import { traceProcessing } from '../telemetry/messages.ts';
import { Poison, type ReceivedRecord } from './cloud-event.ts';
import {
  Abandoned,
  backoff,
  bury,
  defaults,
  type Flow,
  isPassing,
  levelOf,
  type Pause,
  watched,
  whose,
} from './failing.ts';
import { independently } from './independent.ts';
import type { KafkaConnection } from './kafka.ts';
import { trackOffsets } from './offsets.ts';

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
  /**
   * Each message is handled by itself, `maxBatch` of a partition at once: their order and each other's failures don't
   * matter. One that fails waits alone for its next attempt.
   */
  independent?: boolean;
  /** So many at most are handled at once: what a rebalance or a shutdown has to wait for stays bounded. */
  maxBatch?: number;
  /** How many times a message that stands alone may fail, passing faults aside, before it goes to the dead letters. */
  attempts?: number;
  pause?: Pause;
  /** Runs before offsets are committed; a failure leaves them for the next time. */
  beforeOffsets?: () => Promise<void>;
  /** The client has given up for good; the process has to end, for its supervisor to start it anew. */
  onFatal: (error: Error) => void;
  log: Logger;
};

type Received<Message> = { record: ReceivedRecord; message: Message };

export async function consume<Message>(options: ConsumeOptions<Message>): Promise<Consumption> {
  const { kafka, topics, log, onFatal, maxBatch = defaults.maxBatch } = options;
  const consumer = kafka.consumer(options.group);
  const offsets = trackOffsets(consumer, options);
  let joined: Record<string, number[]> | undefined;
  let assignment: Record<string, number[]> | undefined;

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    joined = payload.memberAssignment;
    assignment = joined;
    offsets.keepOnly(payload.memberAssignment);
    independent?.forget();
    log.info({ assignment }, 'group joined');
  });
  consumer.on(consumer.events.REBALANCING, () => {
    assignment = undefined;
  });
  // A coordinator that was away for a moment, and still knows its members, takes their heartbeats: nobody joins anew.
  consumer.on(consumer.events.HEARTBEAT, () => {
    assignment = joined;
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    joined = undefined;
    assignment = undefined;
    log.warn({ err: payload.error, restart: payload.restart }, 'consumer crashed');
    if (!payload.restart) onFatal(payload.error);
  });

  const stop = new AbortController();
  const stopping = stop.signal;
  // Whatever is under way may listen; Node takes more than ten for a leak.
  setMaxListeners(0, stopping);

  const independent = options.independent ? independently(options) : undefined;

  /** Ends early where another has the partition now, or the process stops: what isn't resolved comes again. */
  async function takeBatch({ batch, resolveOffset, pause, ...flow }: EachBatchPayload): Promise<void> {
    const { partition, messages } = batch;
    const topic = kafka.logical(batch.topic);
    for (let at = 0, end = 0; end < messages.length; ) {
      if (stopping.aborted || flow.isStale()) return;
      end = Math.min(at + maxBatch, messages.length);
      const records = messages.slice(at, end).map((message) => received(topic, partition, message));
      const { done, waitMs } = await take(records, { ...flow, stopping });
      const last = records[done - 1]?.offset;
      if (last !== undefined) {
        resolveOffset(last);
        offsets.done(batch.topic, partition, last);
      }
      at += done;
      await flow.heartbeat();
      // Those that wait are the first of the next records; where there are no others, the partition waits.
      if (waitMs !== undefined && Math.min(at + maxBatch, messages.length) === end) {
        setTimeout(pause(), waitMs).unref();
        return;
      }
    }
  }

  async function take(records: ReceivedRecord[], flow: Flow): Promise<{ done: number; waitMs?: number }> {
    if (independent) return independent.take(records, flow);
    await processRecords(options, records, flow);
    return { done: records.length };
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
        const work = takeBatch(payload).catch((error) => {
          if (!(error instanceof Abandoned)) throw error;
        });
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

const received = (
  topic: string,
  partition: number,
  { key, value, headers, offset, timestamp }: EachBatchPayload['batch']['messages'][number],
): ReceivedRecord => ({ topic, partition, offset, timestamp, key, value, headers: headersOf(headers) });

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
      await bury(options, record, { error: error as Error, attempts: 1, firstFailure: new Date() }, flow);
    }
  }
  if (readable.length > 0) await process(options, readable, flow);
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
        traceProcessing(options.group, batch, (messages) => options.handle(messages, flow.stopping)),
        options,
        flow,
      );
    } catch (error) {
      // Cut off by the stop, perhaps; in any case it comes again, to whoever has the partition then.
      if (flow.stopping.aborted) throw new Abandoned();
      const passing = isPassing(error);
      const alone = batch.length === 1 ? whose((batch[0] as Received<Message>).record) : {};
      options.log[levelOf(error)](
        { err: error, passing, attempt, size: batch.length, ...alone },
        'batch failed',
      );
      if (!passing && batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        await process(options, batch.slice(0, half), flow);
        return process(options, batch.slice(half), flow);
      }
      const [last] = batch as [Received<Message>];
      if (!passing) failures++;
      if (error instanceof Poison || failures >= attempts)
        return bury(options, last.record, { error: error as Error, attempts: attempt, firstFailure }, flow);
      await backoff(attempt, pause, flow);
    }
  }
}
