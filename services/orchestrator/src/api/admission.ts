import { overloaded } from '@holdfast/shared/http/limit';

/** A place among the sagas of its type. */
export type Place = {
  /** It has begun a saga: the place is given back once that is over. `over` resolves then, or after `ms`. */
  begun: (over: (ms?: number) => Promise<unknown>) => void;
  /** It hasn't. */
  leave: () => void;
};

/** @throws Problem where there is no place */
export type Admit = (type: string) => Place;

export type AdmissionOptions = {
  /** Of each type, whatever happens. */
  max: number;
  /** A saga that takes longer says that too many are under way, ms. */
  slowMs: number;
  /** One that takes this long hangs: it waits for somebody who is away, and is no load, ms. */
  hangsMs: number;
  now: () => number;
};

/** So many are admitted before anything is known, and so many however slow they are. */
const [first, fewest] = [64, 8];

/** What those tell that have entered since the last decision. */
type Round = { since: number; quick: number; slow: number; wasFull: boolean };

/**
 * Bounds the sagas that an instance has under way, whether or not a client waits for them. How many it can carry depends
 * on the machine, so the bound follows from how long they take: were steps
 * to wait so long that they are sent again, and then undone, the load would make more of itself.
 *
 * Most of a round decide, half as many as there may be: where everything queues, all are slow, and where a few are it is
 * for another reason, such as a step that nobody answers.
 *
 * Each type has places of its own: where payments hang because a participant is away, seats can still be held.
 */
export function admission({ max, slowMs, hangsMs, now }: AdmissionOptions): Admit {
  const newRound = (): Round => ({ since: now(), quick: 0, slow: 0, wasFull: false });
  const types = new Map<string, { all: number; atWork: number; limit: number; round: Round }>();

  function of(type: string) {
    const known = types.get(type) ?? { all: 0, atWork: 0, limit: Math.min(first, max), round: newRound() };
    types.set(type, known);
    return known;
  }

  return (type) => {
    const sagas = of(type);
    if (sagas.all >= max || sagas.atWork >= sagas.limit) throw overloaded();
    sagas.all++;
    sagas.atWork++;
    const enteredAt = now();

    function adapt(): void {
      const { round, limit } = sagas;
      if (enteredAt < round.since) return;
      if (now() - enteredAt > slowMs) round.slow++;
      else round.quick++;
      round.wasFull ||= sagas.atWork >= 0.8 * limit;
      if (round.quick + round.slow < limit / 2) return;
      if (round.slow > round.quick) sagas.limit = Math.max(Math.min(fewest, max), limit * 0.8);
      else if (round.wasFull) sagas.limit = Math.min(max, limit + Math.max(1, limit / 10));
      sagas.round = newRound();
    }

    return {
      begun: (over) => {
        void over(hangsMs).then(() => {
          adapt();
          sagas.atWork--;
        });
        void over().then(() => sagas.all--);
      },
      leave: () => {
        sagas.all--;
        sagas.atWork--;
      },
    };
  };
}
