import type { ServiceName } from '@holdfast/shared/contracts/define';
import type { CrashMoment } from '@holdfast/shared/faults/faults';
import { type Fault, type Injection, type Stage, untilTrue } from './fault.ts';

/** Where a process can be made to kill itself: commands of a hold and a payment, and the orchestrator's moments. */
const places = [
  'token.claim',
  'reservation.load-seat',
  'balance.load-user',
  'reservation.hold',
  'reservation.load',
  'balance.deduct',
  'payment.create',
  'reservation.confirm',
  'orchestrator.verify-token',
  'orchestrator.create-reservation',
  'orchestrator.deduct-balance',
  'orchestrator.create-payment',
  'orchestrator.confirm-reservation',
  'orchestrator.end',
];

/** And where compensations run: the confirmation is refused, so that they do. */
const undoing = ['balance.refund', 'payment.cancel', 'orchestrator.compensation'];

const moments: readonly CrashMoment[] = [
  'crash-before',
  'crash-after',
  'crash-after-publish',
  'crash-before-offset',
];

const tries = 5;
const diesWithinMs = 20_000;

/** A process is killed at a named point of its work on a saga, and started again. */
export const crashPoints: readonly Fault[] = moments.map((moment) => ({
  kind: moment,
  inject: async (stage) => {
    // Now and then the saga ends before it comes there: another fault of the load has the seat, say.
    for (let attempt = 1; attempt <= tries; attempt++) {
      const injection = await crash(stage, moment);
      if (injection) return injection;
    }
    throw new Error(`${moment}: no process died in ${tries} tries`);
  },
}));

async function crash({ rig, random, probe }: Stage, moment: CrashMoment): Promise<Injection | undefined> {
  const place = random.pick([...places, ...undoing]);
  const service = place.split('.')[0] as ServiceName;
  const deaths = (): number =>
    rig.system.services[service].reduce(
      (sum, { restarts, pid }) => sum + restarts + (pid === undefined ? 1 : 0),
      0,
    );
  const before = deaths();
  const refused = undoing.includes(place) ? 'reservation.confirm=reject,' : '';
  let ended = false;
  const victim = probe.run(`${refused}${place}=${moment}`).finally(() => {
    ended = true;
  });
  const died = await untilTrue(
    () => deaths() > before,
    diesWithinMs,
    () => ended,
  );
  const from = Date.now();
  await victim;
  return died ? { target: place, from, until: from } : undefined;
}
