import { createRandom } from '../random.ts';
import { startProgress } from '../report/progress.ts';
import type { Run } from '../run.ts';
import { arrive } from './arrive.ts';
import { createDeck } from './deck.ts';
import { payFaults, repeated, reserveFaults } from './faults.ts';
import { goThrough } from './go-through.ts';
import type { Guest, Storm } from './storm.ts';

/** Everyone arrives, and then all of them want a seat at once. */
export async function runStorm(run: Run): Promise<Storm> {
  const storm = prepare(run);
  const guests = await arriveAll(run);
  await stormSeats(storm, guests);
  return storm;
}

function prepare({ api, journal, venue, faults, options }: Run): Storm {
  const { seats, seed } = options;
  const random = createRandom(seed, -2);
  const deck = (cards: typeof payFaults) =>
    createDeck(faults ? repeated(cards, seats) : [], faults ? seats : 0, random);
  return {
    api,
    journal,
    concertId: venue.concert.concertId,
    wanted: venue.wanted,
    spare: [...venue.spare],
    reserveFaults: deck(reserveFaults),
    payFaults: deck(payFaults),
  };
}

async function arriveAll({ api, journal, venue, options: { users, seed } }: Run): Promise<Guest[]> {
  const progress = startProgress('Users', users);
  const arrivals = Array.from({ length: users }, async (_, index) => {
    const guest = await arrive({ api, journal, wanted: venue.wanted, seed }, index);
    progress.step();
    return guest;
  });
  const guests = await Promise.all(arrivals);
  progress.stop();
  return guests.filter((guest) => guest !== undefined);
}

async function stormSeats(storm: Storm, guests: readonly Guest[]): Promise<void> {
  const { journal } = storm;
  const count = (test: (outcome: string) => boolean): number =>
    journal.answers.filter(({ outcome }) => test(outcome)).length;
  const progress = startProgress('Storm', guests.length, () => {
    const refused = count((outcome) => outcome.startsWith('4'));
    const undone = count((outcome) => outcome === '503 saga-compensated');
    return `users · ${journal.holds.length} held · ${journal.sales.size} sold · ${refused} refused · ${undone} undone`;
  });
  const ways = guests.map(async (guest) => {
    await goThrough(storm, guest);
    progress.step();
  });
  await Promise.all(ways);
  progress.stop();
}
