import { isPassing } from '@holdfast/shared/database/faults';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import { type Network, type Partition, partitionsPerTopic } from './network.ts';
import type { Process, World } from './world.ts';

/**
 * A consumer group: each partition is read by one member, from the last committed offset. Whoever loses a partition in
 * the midst of a batch goes on with that batch, as kafkajs does, beside its successor.
 */
export type Group<Message> = {
  join: (process: Process, member: Handling<Message>) => void;
  /** Hands the partitions out anew. */
  rebalance: () => void;
  /** Nothing is left to read. */
  isCaughtUp: () => boolean;
};

export type GroupOptions<Message> = {
  world: World;
  network: Network;
  topic: string;
  decode: (record: ReceivedRecord) => Message;
  /** A message that can't be processed, however often it is tried: the place of the dead-letter topic. */
  onPoison: (poison: { record: ReceivedRecord; message: Message; error: Error }) => void;
};

type Handling<Message> = {
  handle: (messages: Message[]) => Promise<void>;
  /** Called before offsets are committed. */
  beforeOffsets?: () => Promise<void>;
};

type Read<Message> = { record: ReceivedRecord; message: Message };
type Member<Message> = { process: Process } & Handling<Message>;

/** How far a partition is read: by its present reader, and for whoever reads it next. */
type Seat = { generation: number; committed: number; done: number };

/** After so long without a word, a member is out. */
const sessionTimeoutMs = 200;
const maxBatch = 50;

export function createGroup<Message>(options: GroupOptions<Message>): Group<Message> {
  const { world, network, topic, decode, onPoison } = options;
  let members: Member<Message>[] = [];
  const seats = Array.from(
    { length: partitionsPerTopic },
    (): Seat => ({ generation: 0, committed: 0, done: 0 }),
  );

  function rebalance(): void {
    const present = members.filter(({ process }) => process.alive && process.pausedUntil <= world.now());
    for (const [index, seat] of seats.entries()) {
      seat.generation++;
      const member = present[(index + seat.generation) % present.length];
      if (member) read(member, index, seat.generation).catch(() => undefined);
    }
  }

  async function read(member: Member<Message>, index: number, generation: number): Promise<void> {
    const seat = seats[index] as Seat;
    const partition = network.partition(topic, index);
    let at = seat.committed;
    seat.done = at;
    for (;;) {
      await arrival(partition, at, member.process);
      if (seat.generation !== generation) return;
      const entries = partition.log.slice(at, at + maxBatch);
      for (const entry of entries) entry.message ??= decode(entry.record);
      await handle(member, entries as Read<Message>[], () => seat.generation === generation);
      if (seat.generation !== generation) return;
      at += entries.length;
      seat.done = at;
      // In the background, and not each time: what a crash cuts off is read again.
      if (world.random.chance(0.5)) void commit(member, seat, at).catch(() => undefined);
    }
  }

  async function commit({ beforeOffsets }: Member<Message>, seat: Seat, at: number): Promise<void> {
    const { generation } = seat;
    await beforeOffsets?.();
    if (seat.generation === generation) seat.committed = Math.max(seat.committed, at);
  }

  async function arrival(partition: Partition, at: number, process: Process): Promise<void> {
    if (partition.log.length <= at) await new Promise<void>((wake) => partition.waiting.push(wake));
    await world.latency(process);
  }

  /** As `consume` does: a passing fault is waited out; any other splits the batch until the culprit stands alone. */
  async function handle(
    member: Member<Message>,
    batch: Read<Message>[],
    isMine: () => boolean,
  ): Promise<void> {
    while (isMine()) {
      try {
        return await member.handle(batch.map(({ message }) => message));
      } catch (error) {
        if (isPassing(error)) {
          await world.sleep(member.process, world.random.between(5, 50));
          continue;
        }
        const [first] = batch;
        if (first && batch.length === 1) return onPoison({ ...first, error: error as Error });
        for (const one of batch) await handle(member, [one], isMine);
        return;
      }
    }
  }

  function join(process: Process, handling: Handling<Message>): void {
    members = members.filter((member) => member.process.alive);
    members.push({ process, ...handling });
    process.onDeath.add(() => world.after(sessionTimeoutMs, rebalance));
    rebalance();
  }

  return {
    join,
    rebalance,
    isCaughtUp: () => seats.every(({ done }, index) => done === network.partition(topic, index).log.length),
  };
}
