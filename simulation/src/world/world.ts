import { nextTick } from 'node:process';
import { eventQueue } from './queue.ts';
import { type Random, seeded } from './random.ts';

/** One incarnation of an instance. Once it is dead, nothing that it waits for ever settles. */
export type Process = {
  readonly service: string;
  readonly name: string;
  alive: boolean;
  /** A zombie: it goes on from here as if no time had passed. */
  pausedUntil: number;
  /** It can't reach the brokers until then; its client keeps trying. */
  cutOffUntil: number;
  readonly onDeath: Set<() => void>;
};

/** Virtual time, and who lives in it. */
export type World = {
  readonly random: Random;
  /** ms since the epoch. */
  now: () => number;
  after: (ms: number, run: () => void) => void;
  /** `name` tells the instances of a service apart. */
  start: (service: string, name?: string) => Process;
  kill: (process: Process) => void;
  /** Settles after `ms` of virtual time, if the process is alive then and not paused. */
  sleep: (process: Process, ms: number) => Promise<void>;
  /** Does `job` again and again, `ms` after it has ended, as long as the process lives. */
  every: (process: Process, ms: number, job: () => Promise<unknown>) => void;
  /** The way to another machine, or back. */
  latency: (process: Process) => Promise<void>;
  /** Lets time pass until `done` says so. @returns false when `ms` have passed before */
  run: (done: () => boolean, ms: number) => Promise<boolean>;
};

const epoch = Date.UTC(2026, 0, 1);

export function createWorld(seed: number): World {
  const random = seeded(seed);
  const queue = eventQueue();
  let now = epoch;
  let woken = false;
  const immediates: (() => void)[] = [];

  const after = (ms: number, run: () => void): void => queue.push(now + ms, run);

  const sleep = (process: Process, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        if (!process.alive) return;
        if (process.pausedUntil > now) queue.push(process.pausedUntil, wake);
        else {
          woken = true;
          resolve();
        }
      };
      after(ms, wake);
    });

  async function every(process: Process, ms: number, job: () => Promise<unknown>): Promise<void> {
    for (;;) {
      await sleep(process, ms);
      await job().catch(() => undefined);
    }
  }

  async function passTime(done: () => boolean, ms: number): Promise<boolean> {
    const end = now + ms;
    while (now <= end) {
      const event = queue.pop();
      if (!event) return done();
      now = Math.max(now, event.at);
      woken = false;
      event.run();
      if (woken) await allThatFollows();
      if (done()) return true;
    }
    return false;
  }

  /** All that follows at this moment, before the next: promises first, then the production code's `setImmediate`s. */
  async function allThatFollows(): Promise<void> {
    for (;;) {
      await new Promise<void>(nextTick);
      const next = immediates.shift();
      if (!next) return;
      next();
    }
  }

  /** The world takes the event loop's turns itself: one of Node's for each moment costs some 6 % more. */
  async function run(done: () => boolean, ms: number): Promise<boolean> {
    const own = globalThis.setImmediate;
    globalThis.setImmediate = ((then: () => void) => immediates.push(then)) as unknown as typeof setImmediate;
    try {
      return await passTime(done, ms);
    } finally {
      globalThis.setImmediate = own;
    }
  }

  return {
    random,
    now: () => now,
    after,
    start: (service, name = service) => ({
      service,
      name,
      alive: true,
      pausedUntil: 0,
      cutOffUntil: 0,
      onDeath: new Set(),
    }),
    kill: (process) => {
      if (!process.alive) return;
      process.alive = false;
      for (const run of process.onDeath) run();
    },
    sleep,
    every: (process, ms, job) => void every(process, ms, job),
    latency: (process) =>
      sleep(process, random.chance(0.02) ? random.between(5, 40) : random.between(0.2, 2)),
    run,
  };
}
