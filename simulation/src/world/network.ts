import type { OutgoingRecord, ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import type { Process, World } from './world.ts';

/**
 * Kafka: topics of a few partitions, each a log that keeps every record that was acknowledged. Where the producer dies
 * or gets an error, some partitions have its records and others haven't.
 */
export type Network = {
  publish: (process: Process, records: readonly OutgoingRecord[]) => Promise<void>;
  partition: (topic: string, index: number) => Partition;
  /** Produces a record again that is there already, any or the one given. */
  produceAgain: (record?: ReceivedRecord) => void;
  /** Sees each record as it is appended. */
  onAppend: (see: (record: OutgoingRecord) => void) => void;
  /** The ids of the messages that have reached a topic. */
  ids: () => Set<string>;
  /** All that was sent for a saga, in order, for people to read. */
  recordsOf: (sagaId: string) => string[];
};

export type Partition = { readonly log: Entry[]; waiting: (() => void)[] };
/** With what its one consumer group has read it as, once it has. */
type Entry = { record: ReceivedRecord; message?: unknown };

export const partitionsPerTopic = 2;

export function createNetwork(world: World, faultRate: () => number): Network {
  const topics = new Map<string, Partition[]>();
  const appended: { at: number; record: OutgoingRecord }[] = [];
  const watchers: ((record: OutgoingRecord) => void)[] = [];

  function partitionsOf(topic: string): Partition[] {
    const known = topics.get(topic);
    if (known) return known;
    const made = Array.from({ length: partitionsPerTopic }, () => ({ log: [], waiting: [] }));
    topics.set(topic, made);
    return made;
  }

  function append(record: OutgoingRecord): void {
    const index = partitionOf(record.key);
    const { log, waiting } = partitionsOf(record.topic)[index] as Partition;
    const offset = String(log.length);
    // Text all the way: what decodes it asks for its `toString`, which a Buffer would only be made for.
    const { topic, key, value, headers } = record as unknown as ReceivedRecord;
    log.push({ record: { topic, partition: index, offset, timestamp: '0', key, value, headers } });
    appended.push({ at: world.now(), record });
    for (const watch of watchers) watch(record);
    for (const wake of waiting.splice(0)) wake();
  }

  /** What got through of a request that wasn't acknowledged: a partition's records all, or none. */
  function appendSome(records: readonly OutgoingRecord[]): void {
    const through = new Map<string, boolean>();
    for (const record of records) {
      const partition = `${record.topic}/${partitionOf(record.key)}`;
      if (!through.has(partition)) through.set(partition, world.random.chance(0.5));
      if (through.get(partition)) append(record);
    }
  }

  return {
    publish: async (process, records) => {
      if (records.length === 0) return;
      while (process.cutOffUntil > world.now()) await world.sleep(process, process.cutOffUntil - world.now());
      const cutOff = (): void => appendSome(records);
      process.onDeath.add(cutOff);
      await world.latency(process);
      process.onDeath.delete(cutOff);
      const fails = world.random.chance(faultRate());
      if (fails) appendSome(records);
      else for (const record of records) append(record);
      await world.latency(process);
      if (fails) throw Object.assign(new Error('the broker does not answer'), { code: 'ECONNRESET' });
    },
    partition: (topic, index) => partitionsOf(topic)[index] as Partition,
    produceAgain: (record) => {
      if (record) return append(record as unknown as OutgoingRecord);
      const { log } = world.random.pick(partitionsOf(world.random.pick([...topics.keys()])));
      if (log.length > 0) append(world.random.pick(log).record as unknown as OutgoingRecord);
    },
    ids: () => new Set(appended.map(({ record }) => String(record.headers.ce_id))),
    onAppend: (watch) => {
      watchers.push(watch);
    },
    recordsOf: (sagaId) =>
      appended
        .filter(({ record }) => String(record.headers.ce_id).startsWith(sagaId))
        .map(({ at, record: { topic, headers, value } }) => {
          const what = String(headers.ce_id).slice(sagaId.length + 1);
          return `${new Date(at).toISOString().slice(17, 23)} ${topic} ${headers.ce_type} ${what} ${value}`;
        }),
  };
}

/** Which partition, nothing hangs on; only that a key keeps to one. */
function partitionOf(key: string): number {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
  return (hash >>> 0) % partitionsPerTopic;
}
