import { durations, timed } from '@holdfast/shared/telemetry/registry';
import { inSpan, SpanKind } from '@holdfast/shared/telemetry/spans';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import Redlock, { ExecutionError, Lock, ResourceLockedError } from 'redlock';
import type { HeldLock } from './store.ts';

/**
 * The seats' locks in Redis. They turn rivals away before any work is done for them; that a seat is never sold
 * twice doesn't hang on them, since they can be lost at any time (Kleppmann, "How to do distributed locking").
 */
export type Locks = {
  /**
   * One lock on all of these keys, taken at once: so none waits for another, and there is no deadlock.
   *
   * @returns the lock's value, or undefined where another has one of the keys @throws LockUnavailable when Redis can't tell
   */
  acquire: (keys: readonly string[], traceparent?: string) => Promise<string | undefined>;
  /** Gives them back. A lock that can't be given back now ends with its lease. */
  release: (locks: readonly HeldLock[]) => Promise<void>;
  /** Prolongs leases, and takes locks anew that Redis has forgotten. */
  extend: (locks: readonly HeldLock[]) => Promise<void>;
};

export class LockUnavailable extends Error {
  override name = 'LockUnavailable';
}

/**
 * In the place of redlock's own (given as a function: a string is ignored, whatever the types say). A key that has gone
 * is taken again: its saga's row says that the lock is still ours.
 */
const extendScript = `
  for _, key in ipairs(KEYS) do
    local value = redis.call("get", key)
    if value and value ~= ARGV[1] then return 0 end
  end
  for _, key in ipairs(KEYS) do
    redis.call("set", key, ARGV[1], "PX", ARGV[2])
  end
  return #KEYS
`;

/** @param nodes servers that know nothing of each other; a lock is held where a majority of them has it */
export function redisLocks(
  nodes: readonly Redis[],
  { leaseMs, prefix, log }: { leaseMs: number; prefix: string; log: Logger },
): Locks {
  const redlock = new Redlock(
    nodes,
    { retryCount: 0, driftFactor: 0.01 },
    { extendScript: () => extendScript },
  );
  redlock.on('error', (error) => {
    // It also emits every lock that was simply taken.
    if (!(error instanceof ResourceLockedError)) log.warn({ err: error }, 'lock store');
  });
  const named = (keys: readonly string[]): string[] => keys.map((key) => prefix + key).sort();
  const lockOf = ({ keys, value }: HeldLock): Lock =>
    new Lock(redlock, named(keys), value, [], Number.MAX_SAFE_INTEGER);

  async function acquire(keys: readonly string[]): Promise<string | undefined> {
    let lock: Lock;
    try {
      lock = await redlock.acquire(named(keys), leaseMs);
    } catch (error) {
      if (await wasTaken(error)) return undefined;
      throw new LockUnavailable('the lock store does not answer', { cause: error });
    }
    // redlock hands over a lock however little of its lease the way to Redis has left.
    if (lock.expiration - Date.now() < leaseMs / 2) {
      await lock.release().catch(() => undefined);
      throw new LockUnavailable('the lock store is too slow');
    }
    return lock.value;
  }

  return {
    acquire: (keys, traceparent) =>
      inSpan('acquire lock', traceparent, lockSpan, async (own, span) => {
        let outcome: 'acquired' | 'taken' = 'acquired';
        return timed(
          (seconds, error) => lockDuration(seconds, { outcome: error ? 'unavailable' : outcome }, own),
          async () => {
            const value = await acquire(keys);
            if (value === undefined) outcome = 'taken';
            span?.setAttribute('holdfast.lock.outcome', outcome);
            return value;
          },
        );
      }),
    release: async (locks) => {
      await Promise.all(
        locks.map((lock) =>
          redlock
            .release(lockOf(lock))
            .catch((error: Error) => log.debug({ err: error, keys: lock.keys }, 'not released')),
        ),
      );
    },
    extend: async (locks) => {
      await Promise.all(
        locks.map((lock) =>
          redlock
            .extend(lockOf(lock), leaseMs)
            .catch((error: Error) => log.warn({ err: error, keys: lock.keys }, 'lease not extended')),
        ),
      );
    },
  };
}

const lockDuration = durations(
  'holdfast_lock_acquire_duration_seconds',
  "Attempts at a saga's lock in Redis, by outcome: `taken` is a rival's",
  ['outcome'],
);
const lockSpan = { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'redis' } };

/**
 * Contention and outage look alike until one looks at the votes (redlock #168). Where a majority has answered, and not all
 * of it for us, another has the lock, or is asking for it now as well; where none has answered, nobody can tell.
 */
async function wasTaken(error: unknown): Promise<boolean> {
  if (error instanceof ResourceLockedError) return true;
  if (!(error instanceof ExecutionError)) return false;
  const stats = await Promise.all(error.attempts);
  return stats.some(({ votesFor, votesAgainst, quorumSize }) => {
    const refused = [...votesAgainst.values()].filter((vote) => vote instanceof ResourceLockedError).length;
    return refused > 0 && votesFor.size + refused >= quorumSize;
  });
}
