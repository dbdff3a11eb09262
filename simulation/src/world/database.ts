import type { Process, World } from './world.ts';

/**
 * A database as Postgres is at read committed: each statement reads what is committed, row locks and unique keys make
 * one transaction wait for another, writes show at the commit, a cycle of waiting costs one of them its life.
 */
export type Database = {
  transaction: <Result>(process: Process, work: (tx: Transaction) => Promise<Result>) => Promise<Result>;
  /** Whether all of the process' service's transactions that are open now end within `ms`. */
  olderEnd: (process: Process, ms: number) => Promise<boolean>;
  /** All open transactions are lost. */
  restart: () => void;
  /** No transaction is open. */
  isIdle: () => boolean;
};

export type Transaction = {
  /** The way of a statement to the server. */
  statement: () => Promise<void>;
  /** Locks a row, or the unique key of one that isn't there yet; waits for whoever has it. */
  lock: (key: string) => Promise<void>;
  /** Locks it only if nobody else has it. */
  tryLock: (key: string) => boolean;
  /** Done when the transaction commits. */
  write: (change: () => void) => void;
};

type Open = {
  process: Process;
  state: 'open' | 'committing' | 'closed';
  held: string[];
  writes: (() => void)[];
  waitsFor: string | undefined;
};
type Waiter = { tx: Open; grant: () => void; refuse: (error: Error) => void };
type Lock = { owner: Open; waiting: Waiter[] };

export class DatabaseFault extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function createDatabase(world: World, faultRate: () => number): Database {
  const locks = new Map<string, Lock>();
  const open = new Set<Open>();
  const lost = () => new DatabaseFault('08006', 'connection lost');

  function close(tx: Open): void {
    if (tx.state === 'closed') return;
    tx.state = 'closed';
    open.delete(tx);
    for (const key of tx.held) {
      const { waiting } = locks.get(key) as Lock;
      const next = nextOf(waiting);
      if (!next) {
        locks.delete(key);
        continue;
      }
      locks.set(key, { owner: next.tx, waiting });
      next.tx.waitsFor = undefined;
      next.tx.held.push(key);
      next.grant();
    }
  }

  function nextOf(waiting: Waiter[]): Waiter | undefined {
    for (;;) {
      const next = waiting.shift();
      if (!next || next.tx.state === 'open') return next;
    }
  }

  function commit(tx: Open): void {
    for (const write of tx.writes) write();
    close(tx);
  }

  function tryLock(tx: Open, key: string): boolean {
    const lock = locks.get(key);
    if (lock) return lock.owner === tx;
    locks.set(key, { owner: tx, waiting: [] });
    tx.held.push(key);
    return true;
  }

  async function lock(tx: Open, key: string): Promise<void> {
    if (tryLock(tx, key)) return;
    for (
      let other: Open | undefined = locks.get(key)?.owner;
      other;
      other = other.waitsFor === undefined ? undefined : locks.get(other.waitsFor)?.owner
    )
      if (other === tx) throw new DatabaseFault('40P01', 'deadlock detected');
    tx.waitsFor = key;
    await new Promise<void>((grant, refuse) => {
      (locks.get(key) as Lock).waiting.push({ tx, grant, refuse });
    });
    await world.latency(tx.process);
  }

  async function transaction<Result>(
    process: Process,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> {
    // What has died in this very moment may still come here: nothing of it reaches the server.
    if (!process.alive) return new Promise(() => undefined);
    const tx: Open = { process, state: 'open', held: [], writes: [], waitsFor: undefined };
    open.add(tx);
    // A commit that is on its way when its process dies may arrive or not.
    const die = (): void => {
      if (tx.state === 'committing' && world.random.chance(0.5)) commit(tx);
      else close(tx);
    };
    process.onDeath.add(die);
    const check = (): void => {
      if (tx.state === 'closed') throw lost();
    };
    try {
      const result = await work({
        statement: async () => {
          await world.latency(process);
          if (world.random.chance(faultRate())) close(tx);
          // It may also hang, with all that it has locked, for longer than sagas wait for an answer.
          if (world.random.chance(faultRate() / 5))
            await world.sleep(process, world.random.between(300, 1_800));
          check();
        },
        lock: async (key) => {
          check();
          await lock(tx, key);
          check();
        },
        tryLock: (key) => {
          check();
          return tryLock(tx, key);
        },
        write: (change) => tx.writes.push(change),
      });
      check();
      tx.state = 'committing';
      await world.latency(process);
      check();
      commit(tx);
      await world.latency(process);
      if (world.random.chance(faultRate())) throw lost();
      return result;
    } finally {
      close(tx);
      process.onDeath.delete(die);
    }
  }

  async function olderEnd(process: Process, ms: number): Promise<boolean> {
    const older = [...open].filter(({ process: { service } }) => service === process.service);
    for (const end = world.now() + ms; world.now() < end; await world.sleep(process, 10))
      if (older.every(({ state }) => state === 'closed')) return true;
    return false;
  }

  return {
    transaction,
    olderEnd,
    isIdle: () => open.size === 0,
    restart: () => {
      for (const tx of [...open]) {
        const waiting = tx.waitsFor === undefined ? undefined : locks.get(tx.waitsFor)?.waiting;
        close(tx);
        for (const waiter of waiting ?? [])
          if (waiter.tx === tx) void world.sleep(tx.process, 0).then(() => waiter.refuse(lost()));
      }
    },
  };
}
