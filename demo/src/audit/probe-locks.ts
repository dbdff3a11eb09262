import { randomUUID } from 'node:crypto';
import type { Seat } from '@holdfast/client/types';
import { persist } from '../api/persist.ts';
import { nameOf } from '../catalogue.ts';
import { noteHold } from '../journal.ts';
import { createRandom } from '../random.ts';
import { waitInQueue } from '../storm/queue.ts';
import type { Storm } from '../storm/storm.ts';
import type { LockFacts } from '../verdicts/facts.ts';

/**
 * Asks for each seat once more, as somebody new: a free one is to be had at once, any other is found taken. What is
 * locked is neither.
 */
export async function probeLocks(
  storm: Storm,
  seats: readonly Seat[],
  onEach: () => void,
): Promise<LockFacts['probes']> {
  return Promise.all(
    seats.map(async (seat) => {
      const outcome = await probe(storm, seat);
      onEach();
      return { seat: nameOf(seat), outcome };
    }),
  );
}

/** Each by a user of its own: who has got a free seat has used up their token. */
async function probe(storm: Storm, { concertSeatId, status }: Seat): Promise<string> {
  const { api, journal } = storm;
  const made = await persist(() => api.makeUser('demo, looking for locks'));
  if (!made.ok) return made.outcome;
  const user = made.body;
  const token = await waitInQueue(storm, { user, random: createRandom(0), poor: true });
  if (token === undefined) return 'never admitted';

  const expect = [status === 'AVAILABLE' ? '201' : '409 seat-taken'];
  const options = { key: randomUUID(), step: 'look for a lock', expect };
  const answer = await persist(() => api.reserve(user, token, [concertSeatId], options));
  if (answer.ok) noteHold(journal, user, answer.body);
  else await api.leave(user, token);
  return answer.outcome;
}
