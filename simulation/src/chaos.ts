import type { Process, World } from './world/world.ts';

/** An instance that is started again when it dies. */
export type Instance = { process: Process; restart: () => void };

export type Breakable = {
  world: World;
  instances: readonly Instance[];
  rebalanceAll: () => void;
  restartDatabase: () => void;
  forgetLocks: () => void;
  produceAgain: () => void;
};

export type Chaos = {
  /** How likely a single call fails, or an instance dies at one of its named crash points. */
  faultRate: () => number;
  crash: (process: Process) => Promise<void>;
  start: (parts: Breakable) => void;
  stop: () => void;
};

/** Faults at any moment, some runs with many, some with few. */
export function createChaos(world: World): Chaos {
  const { random } = world;
  let on = true;
  const meanPauseMs = random.pick([10, 25, 60]);
  const rate = random.pick([0, 0.002, 0.01]);

  function hit({ instances, rebalanceAll, restartDatabase, forgetLocks, produceAgain }: Breakable): void {
    const { process } = random.pick(instances);
    const dice = random.next();
    if (dice < 0.2) world.kill(process);
    else if (dice < 0.35) {
      // Stopped for longer than its session and its leases last, then a zombie.
      process.pausedUntil = world.now() + random.between(20, 1_200);
      world.after(250, rebalanceAll);
      world.after(1_250, rebalanceAll);
    } else if (dice < 0.55) process.cutOffUntil = world.now() + random.between(100, 1_200);
    else if (dice < 0.57) {
      // A whole service can't be reached, for longer than some budgets last.
      const until = world.now() + random.between(300, 2_500);
      for (const { process: one } of instances) if (one.service === process.service) one.cutOffUntil = until;
    } else if (dice < 0.6) rebalanceAll();
    else if (dice < 0.65) restartDatabase();
    else if (dice < 0.75) forgetLocks();
    else for (let i = 0; i < 3; i++) produceAgain();
  }

  return {
    faultRate: () => (on ? rate : 0),
    crash: async (process) => {
      if (!on || !random.chance(rate)) return;
      world.kill(process);
      await new Promise(() => undefined);
    },
    start: (parts) => {
      const next = (): void => {
        if (!on) return;
        hit(parts);
        world.after(random.between(1, 2 * meanPauseMs), next);
      };
      next();
    },
    stop: () => {
      on = false;
    },
  };
}
