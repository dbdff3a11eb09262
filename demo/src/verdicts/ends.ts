import type { Facts } from './facts.ts';
import { type Verdict, verdict } from './verdict.ts';

export function sagasEnded({ sagas }: Pick<Facts, 'sagas'>): Verdict {
  const count = (status: string): number => sagas.filter((saga) => saga.status === status).length;
  const objections = sagas.flatMap(({ sagaId, type, status }) =>
    status === 'COMPLETED' || status === 'COMPENSATED'
      ? []
      : [`${type} saga ${sagaId} is ${status ?? 'not to be had'}`],
  );
  const detail = `${count('COMPLETED')} completed, ${count('COMPENSATED')} compensated`;
  return verdict('Every saga ended', objections, detail);
}

/** Seen through the API for each seat: only what nobody is at work on can be held, or is found taken. */
export function noLockOnSeats({ locks: { probes } }: Pick<Facts, 'locks'>): Verdict {
  const locked = probes.filter(({ outcome }) => !unlocked.includes(outcome));
  const objections =
    probes.length === 0
      ? ['no seat was looked at']
      : locked.map(({ seat, outcome }) => `${seat}: ${outcome}`);
  const held = probes.filter(({ outcome }) => outcome === '201').length;
  const detail = `tried all ${probes.length} seats: ${held} could be held, ${probes.length - held} are taken, none is locked`;
  return verdict('No lock left: by the API', objections, detail);
}

const unlocked = ['201', '409 seat-taken'];

/** Seen in the orchestrator's table, where the demo may look there. */
export function noLockRows({ locks: { rows } }: Pick<Facts, 'locks'>): Verdict {
  const claim = 'No lock left: in the database';
  if ('notChecked' in rows) return { claim, holds: undefined, detail: `not checked: ${rows.notChecked}` };
  return verdict(claim, rows, 'no row of this run in orchestrator.lock');
}
