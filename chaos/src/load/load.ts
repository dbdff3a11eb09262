import { setTimeout as sleep } from 'node:timers/promises';
import { planSession } from './plan.ts';
import { play, type Scene } from './session.ts';

export type Load = {
  inFlight: () => number;
  /** Sessions that weren't begun, since as many as may be were under way. */
  turnedAway: () => number;
  /** What went wrong with the playing itself: there must be nothing. */
  failures: () => readonly string[];
  /** Begins no more, and waits for those under way. */
  stop: () => Promise<void>;
};

const maxInFlight = 400;
const tickMs = 20;

/** Begins `rate` sessions a second, however long they take: the users of a ticket seller don't wait for each other. */
export function startLoad(scene: Scene, { seed, rate }: { seed: number; rate: number }): Load {
  const sizes = { users: scene.users.length, seats: scene.seats.length };
  const startedAt = performance.now();
  const inFlight = new Set<Promise<void>>();
  let number = 0;
  let turnedAway = 0;
  const failures: string[] = [];

  function begin(): void {
    if (inFlight.size >= maxInFlight) {
      turnedAway++;
      return;
    }
    const session = play(scene, planSession(seed, number++, sizes))
      .catch((error: Error) => failures.push(error.stack ?? error.message))
      .then(() => {
        inFlight.delete(session);
      });
    inFlight.add(session);
  }

  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * rate;
    while (number + turnedAway < due) begin();
  }, tickMs);

  return {
    inFlight: () => inFlight.size,
    turnedAway: () => turnedAway,
    failures: () => failures,
    async stop() {
      clearInterval(timer);
      while (inFlight.size > 0) await sleep(100);
    },
  };
}
