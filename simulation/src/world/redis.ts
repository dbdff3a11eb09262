import { type Locks, LockUnavailable } from '@holdfast/orchestrator/runner/locks';
import type { Process, World } from './world.ts';

/** The seats' locks as Redis keeps them: leases that run out by its clock, all of them gone with a FLUSHALL. */
export type Redis = { locks: (process: Process) => Locks; flush: () => void };

export function createRedis(world: World, leaseMs: number, faultRate: () => number): Redis {
  const held = new Map<string, { value: string; until: number }>();

  const holderOf = (key: string): string | undefined => {
    const lock = held.get(key);
    return lock && lock.until > world.now() ? lock.value : undefined;
  };
  const set = (key: string, value: string): void => {
    held.set(key, { value, until: world.now() + leaseMs });
  };

  return {
    locks: (process) => ({
      acquire: async (keys) => {
        await world.latency(process);
        if (world.random.chance(faultRate())) throw new LockUnavailable('the lock store does not answer');
        const value = world.random.hex(16);
        const taken = keys.some((key) => holderOf(key) !== undefined);
        if (!taken) for (const key of keys) set(key, value);
        await world.latency(process);
        return taken ? undefined : value;
      },
      release: async (locks) => {
        if (locks.length === 0) return;
        await world.latency(process);
        if (!world.random.chance(faultRate()))
          for (const { keys, value } of locks)
            for (const key of keys) if (holderOf(key) === value) held.delete(key);
        await world.latency(process);
      },
      extend: async (locks) => {
        await world.latency(process);
        for (const { keys, value } of locks)
          if (keys.every((key) => (holderOf(key) ?? value) === value))
            for (const key of keys) set(key, value);
      },
    }),
    flush: () => held.clear(),
  };
}
