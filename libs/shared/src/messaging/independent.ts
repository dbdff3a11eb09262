import type { Logger } from 'pino';
import { traceProcessing } from '../telemetry/messages.ts';
import { Poison, type ReceivedRecord } from './cloud-event.ts';
import {
  Abandoned,
  bury,
  defaults,
  type Flow,
  isPassing,
  levelOf,
  type Pause,
  pauseMs,
  watched,
  whose,
} from './failing.ts';
import type { KafkaConnection } from './kafka.ts';

/**
 * Messages that have nothing to do with each other: the first few of a partition are tried at once, and one that fails waits
 * for its next attempt without the others. kafkajs asks a broker for more only once all that it gave is done, so that
 * waiting within a batch would hold up every other partition: it is the partition that waits, and is read again.
 */

type Tried<Message> =
  | 'done'
  | { message: Message; attempt: number; failures: number; firstFailure: Date; due: number };

export type IndependentOptions<Message> = {
  kafka: Pick<KafkaConnection, 'publish'>;
  group: string;
  decode: (record: ReceivedRecord) => Message;
  handle: (messages: Message[], stopping: AbortSignal) => Promise<void>;
  maxBatch?: number;
  attempts?: number;
  pause?: Pause;
  onFatal: (error: Error) => void;
  log: Logger;
};

export type Independent = {
  /**
   * @param records the first of a partition that aren't done, `maxBatch` at most; those that were here before are known
   * @returns how many are done, without a gap; and for how long the partition may be left alone, where any wait
   */
  take: (records: ReceivedRecord[], flow: Flow) => Promise<{ done: number; waitMs?: number }>;
  /** Whatever was known is another instance's to find out. */
  forget: () => void;
};

/** Where more may come that needn't wait for those who do. */
const lookAgainMs = 1_000;

export function independently<Message>(options: IndependentOptions<Message>): Independent {
  const { attempts = defaults.attempts, maxBatch = defaults.maxBatch, pause = defaults.pause } = options;
  /** By partition and offset. */
  const partitions = new Map<string, Map<string, Tried<Message>>>();

  function triedOf({ topic, partition }: ReceivedRecord): Map<string, Tried<Message>> {
    const key = `${topic}/${partition}`;
    const tried = partitions.get(key) ?? new Map<string, Tried<Message>>();
    partitions.set(key, tried);
    return tried;
  }

  async function attemptAt(
    record: ReceivedRecord,
    before: Exclude<Tried<Message>, 'done'> | undefined,
    flow: Flow,
    random: number,
  ): Promise<Tried<Message>> {
    const { attempt: last = 0, firstFailure = new Date() } = before ?? {};
    const attempt = last + 1;
    const letter = (error: unknown) => ({ error: error as Error, attempts: attempt, firstFailure });
    let message: Message;
    try {
      message = before ? before.message : options.decode(record);
    } catch (error) {
      await bury(options, record, letter(error), flow);
      return 'done';
    }
    try {
      const work = traceProcessing(options.group, [{ record, message }], (messages) =>
        options.handle(messages, flow.stopping),
      );
      await watched(work, options, flow);
      return 'done';
    } catch (error) {
      // Cut off by the stop, perhaps; in any case it comes again, to whoever has the partition then.
      if (flow.stopping.aborted) throw new Abandoned();
      const passing = isPassing(error);
      options.log[levelOf(error)]({ err: error, passing, attempt, ...whose(record) }, 'message failed');
      const failures = (before?.failures ?? 0) + (passing ? 0 : 1);
      if (!(error instanceof Poison) && failures < attempts)
        return {
          message,
          attempt,
          failures,
          firstFailure,
          due: Date.now() + pauseMs(attempt, pause, random),
        };
      await bury(options, record, letter(error), flow);
      return 'done';
    }
  }

  async function take(records: ReceivedRecord[], flow: Flow): Promise<{ done: number; waitMs?: number }> {
    const tried = triedOf(records[0] as ReceivedRecord);
    // Those that fail together are due together: the partition is read again once for all of them.
    const random = Math.random();
    const now = Date.now();
    const work = records.map(async (record) => {
      const before = tried.get(record.offset);
      if (before === 'done' || (before && before.due > now)) return;
      tried.set(record.offset, await attemptAt(record, before, flow, random));
    });
    // All of them come to their end before one that was abandoned shows.
    for (const result of await Promise.allSettled(work))
      if (result.status === 'rejected') throw result.reason;

    const waits = records.findIndex(({ offset }) => tried.get(offset) !== 'done');
    const done = waits < 0 ? records.length : waits;
    for (const { offset } of records.slice(0, done)) tried.delete(offset);
    const due = [...tried.values()].flatMap((one) => (one === 'done' ? [] : [one.due]));
    if (due.length === 0) return { done };
    const waitMs = Math.max(Math.min(...due) - Date.now(), 0);
    const full = records.length - done === maxBatch;
    return { done, waitMs: full ? waitMs : Math.min(waitMs, lookAgainMs) };
  }

  return { take, forget: () => partitions.clear() };
}
