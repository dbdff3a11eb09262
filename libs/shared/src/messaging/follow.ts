import type { Logger } from 'pino';
import { v4 as uuidv4 } from 'uuid';
import type { ReceivedRecord } from './cloud-event.ts';
import { headersOf } from './consume.ts';
import type { KafkaConnection } from './kafka.ts';

/**
 * Reads all of a topic from now on, as every instance of a service does that has to learn of everything itself. Where it
 * has read to is known in this process alone: it commits no offsets, so that the cluster soon forgets the group of a
 * process that was killed.
 *
 * @param options.begin is told, by partition, the offset of the record that comes next: before the first, and again
 *   where records have gone that were never read, as after the topic was made anew
 * @param options.take is given the records of one partition in their order; it must not fail
 */
export async function follow(options: {
  kafka: KafkaConnection;
  topic: string;
  /** The group's name begins so. */
  name: string;
  begin: (next: readonly number[]) => void;
  take: (records: readonly ReceivedRecord[]) => void;
  onFatal: (error: Error) => void;
  log: Logger;
}): Promise<{ stop: () => Promise<void> }> {
  const { kafka, topic, begin, take, onFatal, log } = options;
  const group = `${options.name}-${uuidv4()}`;
  const consumer = kafka.consumer(group);
  await kafka.coordinatorOf(group);
  const next = await kafka.ends(topic);
  begin(next);

  consumer.on(consumer.events.GROUP_JOIN, () => {
    // Each time: the group has no offsets to go on from.
    next.forEach((offset, partition) => {
      consumer.seek({ topic: kafka.physical(topic), partition, offset: String(offset) });
    });
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    log.warn({ err: payload.error, restart: payload.restart }, 'follower crashed');
    if (!payload.restart) onFatal(payload.error);
  });

  const stop = async (): Promise<void> => {
    await consumer.stop();
    await consumer.disconnect();
    await kafka.deleteGroup(group).catch((error) => log.debug({ err: error }, 'group not deleted'));
  };

  try {
    await consumer.connect();
    await consumer.subscribe({ topic: kafka.physical(topic), fromBeginning: false });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages } }) => {
        const [first, last] = [messages[0], messages.at(-1)];
        if (!first || !last) return;
        // Offsets have no holes: nothing is compacted, and nobody produces in transactions.
        if (Number(first.offset) !== next[partition]) {
          next[partition] = Number(first.offset);
          begin(next);
        }
        next[partition] = Number(last.offset) + 1;
        take(
          messages.map(({ key, value, headers, offset, timestamp }) => ({
            topic,
            partition,
            offset,
            timestamp,
            key,
            value,
            headers: headersOf(headers),
          })),
        );
      },
    });
  } catch (error) {
    await stop();
    throw error;
  }

  return { stop };
}
