import type { ParticipantName } from '@holdfast/shared/contracts/define';
import type { ReceivedRecord } from '@holdfast/shared/messaging/cloud-event';
import type { Cause, Handler } from '@holdfast/shared/participant/decide';
import type { Random } from './world/random.ts';

/**
 * In some runs one participant can't undo what some sagas have done, as where a bug is in the way: such compensations
 * end as dead letters, and their sagas are parked. Until an operator repairs it and replays the letters.
 */
export type Damage = {
  /** The handlers as the damage leaves them. */
  inTheWayOf: <State>(service: ParticipantName, handlers: readonly Handler<State>[]) => Handler<State>[];
  /** Keeps a message that can't be processed; false where the damage isn't to blame. */
  deadLetter: (record: ReceivedRecord, error: Error) => boolean;
  /** @returns the dead letters, to be produced again */
  repair: () => ReceivedRecord[];
};

class Damaged extends Error {}

export function createDamage(random: Random): Damage {
  let there = random.chance(0.4);
  const where = random.pick<ParticipantName>(['reservation', 'payment', 'balance', 'token']);
  const oneIn = random.pick([2, 5]);
  let letters: ReceivedRecord[] = [];

  return {
    inTheWayOf: <State>(service: ParticipantName, handlers: readonly Handler<State>[]) =>
      handlers.map((handler): Handler<State> => {
        if (service !== where || handler.kind !== 'compensation') return handler;
        return {
          ...handler,
          run: (state: State, payload: never, cause: Cause & { undoes: string }) => {
            if (there && cause.sagaNo % oneIn === 0) throw new Damaged("can't be undone");
            return handler.run(state, payload, cause);
          },
        };
      }),
    deadLetter: (record, error) => {
      if (error instanceof Damaged) letters.push(record);
      return error instanceof Damaged;
    },
    repair: () => {
      there = false;
      const replayed = letters;
      letters = [];
      return replayed;
    },
  };
}
