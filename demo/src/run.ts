import type { Holdfast } from './api/holdfast.ts';
import { readAccounts, readSales } from './audit/accounts.ts';
import { readLockRows } from './audit/lock-rows.ts';
import { probeLocks } from './audit/probe-locks.ts';
import { awaitSagas } from './audit/sagas.ts';
import { nameOf, seatMap, type Venue } from './catalogue.ts';
import type { Journal } from './journal.ts';
import type { Options } from './options.ts';
import { createRandom } from './random.ts';
import { startProgress } from './report/progress.ts';
import { arrive } from './storm/arrive.ts';
import { createDeck } from './storm/deck.ts';
import { payFaults, repeated, reserveFaults } from './storm/faults.ts';
import { goThrough } from './storm/go-through.ts';
import type { Guest, Storm } from './storm/storm.ts';
import type { Facts } from './verdicts/facts.ts';

const settleMs = 90_000;

export type Run = { api: Holdfast; journal: Journal; venue: Venue; faults: boolean; options: Options };

/** The whole demo, phase by phase. @returns what the verdicts are reached from */
export async function runDemo(run: Run): Promise<Facts> {
  const { api, journal, venue, options } = run;
  const storm = prepare(run);
  const guests = await arriveAll(run);
  await stormSeats(storm, guests);

  const sagas = await settle(run);
  // Before it is asked for the seats once more: some of them will be held then.
  const map = await seatMap(api, venue.performance.performanceId);
  const untouched = new Set(storm.spare);
  const asked = [...venue.wanted, ...venue.spare].filter((seat) => !untouched.has(seat));
  const ids = new Set(asked.map(({ concertSeatId }) => concertSeatId));
  const seats = map.filter(({ concertSeatId }) => ids.has(concertSeatId));
  const looking = startProgress('Locks', seats.length);
  const probes = await probeLocks(storm, seats, looking.step);
  looking.stop();
  const rows = await readLockRows({
    dataDir: options.dataDir,
    sagaIds: [...journal.sagas.keys()],
    seatIds: [...ids],
  });
  return {
    accounts: await readAccounts(api, journal),
    sales: await readSales(api, journal),
    holds: journal.holds,
    seats: seats.map((seat) => ({ ...seat, name: nameOf(seat) })),
    sagas,
    repeats: journal.repeats,
    locks: { probes, rows },
    // Last, so that what went wrong in looking is among them.
    unexpected: journal.answers
      .filter(({ expected }) => !expected)
      .map(({ step, outcome }) => `${step}: ${outcome}`),
  };
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

async function settle({ api, journal }: Run): Promise<Facts['sagas']> {
  const progress = startProgress('Sagas', journal.sagas.size);
  const sagas = await awaitSagas(api, journal, Date.now() + settleMs, progress.step);
  progress.stop();
  return sagas;
}
