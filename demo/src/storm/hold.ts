import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Held, Seat } from '@holdfast/client/types';
import type { Answer } from '../api/client.ts';
import { compensated, pauseOf, persist } from '../api/persist.ts';
import { untilEnded } from '../api/until-ended.ts';
import { noteHold } from '../journal.ts';
import type { Hold } from '../verdicts/facts.ts';
import type { Fault } from './faults.ts';
import { type Guest, mostTogether, type Storm } from './storm.ts';

/** After so many seats that others were faster for, a user gives up. */
const tries = 6;

const rivals = ['409 seat-taken', '409 seat-locked'];

/** Some want more than one seat, side by side or not: they get all of them or none. */
const severalShare = 0.4;

/** Tries the seats that are wanted, one after another or a few at once. */
export async function holdAny(storm: Storm, guest: Guest, token: string): Promise<Hold | undefined> {
  const several = guest.random.chance(severalShare);
  const size = several ? guest.random.between(2, mostTogether + 1) : 1;
  const shuffled = guest.random.shuffle(storm.wanted);
  for (let i = 0; i < tries && shuffled.length >= (i + 1) * size; i++) {
    const seats = shuffled.slice(i * size, (i + 1) * size);
    const fault = storm.reserveFaults.draw();
    let answer = await reserve(storm, guest, token, seats, fault);
    if (fault && answer.outcome !== fault.ends) storm.reserveFaults.putBack(fault);
    if (answer.outcome === compensated) {
      // A technical failure, and all of it was undone: so it has to work now, unless a rival has come.
      await sleep(pauseOf(answer));
      answer = await reserve(storm, guest, token, seats);
    }
    if (answer.ok) return noteHold(storm.journal, guest.user, answer.body);
    await sleep(pauseOf(answer));
  }
  return undefined;
}

function reserve(
  { api }: Storm,
  { user }: Guest,
  token: string,
  seats: readonly Seat[],
  fault?: Fault,
): Promise<Answer<Held>> {
  const ids = seats.map(({ concertSeatId }) => concertSeatId);
  const options = {
    key: randomUUID(),
    fault: fault?.header,
    step: fault ? 'reserve, with a fault' : 'reserve',
    expect: [fault?.ends ?? '201', ...rivals],
  };
  return persist(() => api.reserve(user, token, ids, options), {
    ended: async (sagaId) => (await untilEnded(api, user, sagaId, Date.now() + 60_000)).ended,
  });
}
