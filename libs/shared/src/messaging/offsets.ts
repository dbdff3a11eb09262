import type { Consumer } from 'kafkajs';
import type { Logger } from 'pino';

const commitEveryMs = 500;

/**
 * Commits offsets in the background, off the path of the messages: the inbox covers what is read again.
 *
 * @param options.beforeOffsets called each time that some are about to be committed
 */
export function trackOffsets(
  consumer: Consumer,
  { beforeOffsets, log }: { beforeOffsets?: (() => Promise<void>) | undefined; log: Logger },
) {
  const next = new Map<string, { topic: string; partition: number; offset: string }>();

  async function commit(): Promise<void> {
    if (next.size === 0) return;
    const due = [...next.values()];
    next.clear();
    try {
      await beforeOffsets?.();
      await consumer.commitOffsets(due);
    } catch (error) {
      log.debug({ err: error }, 'offsets not committed');
      for (const offset of due) {
        const key = `${offset.topic}/${offset.partition}`;
        if (!next.has(key)) next.set(key, offset);
      }
    }
  }

  const timer = setInterval(() => void commit(), commitEveryMs);
  return {
    done: (topic: string, partition: number, offset: string) => {
      next.set(`${topic}/${partition}`, { topic, partition, offset: String(BigInt(offset) + 1n) });
    },
    /** After a rebalance another may be further on: an old offset committed late would take it back. */
    keepOnly: (assignment: Record<string, number[]>) => {
      for (const [key, { topic, partition }] of next)
        if (!assignment[topic]?.includes(partition)) next.delete(key);
    },
    stop: async () => {
      clearInterval(timer);
      await commit();
    },
  };
}
