import type { Seat } from '@holdfast/client/types';
import { isCannotRun } from '../cannot-run.ts';
import { nameOf, seatMap } from '../catalogue.ts';
import { startProgress } from '../report/progress.ts';
import type { Run } from '../run.ts';
import type { Storm } from '../storm/storm.ts';
import type { Facts } from '../verdicts/facts.ts';
import { readAccounts, readSales } from './accounts.ts';
import { readLockRows } from './lock-rows.ts';
import { probeLocks } from './probe-locks.ts';
import { awaitSagas } from './sagas.ts';

const settleMs = 90_000;

/** Once it is calm: asks the system what became of it all. */
export async function audit(run: Run, storm: Storm): Promise<Facts> {
  const { api, journal, venue, options } = run;
  const sagas = await settle(run);
  const untouched = new Set(storm.spare);
  const asked = [...venue.wanted, ...venue.spare].filter((seat) => !untouched.has(seat));
  // Before they are asked for once more: some of them will be held then.
  const seats = await lookAgain(run, asked);
  const probes = await probeAll(storm, seats ?? []);
  const rows = await readLockRows({
    dataDir: options.dataDir,
    sagaIds: [...journal.sagas.keys()],
    seatIds: asked.map(({ concertSeatId }) => concertSeatId),
  });
  return {
    accounts: await readAccounts(api, journal),
    sales: await readSales(api, journal),
    holds: journal.holds,
    seats: seats?.map((seat) => ({ ...seat, name: nameOf(seat) })),
    sagas,
    repeats: journal.repeats,
    locks: { probes, rows },
    // Last, so that what went wrong in looking is among them.
    unexpected: journal.answers
      .filter(({ expected }) => !expected)
      .map(({ step, outcome }) => `${step}: ${outcome}`),
  };
}

async function settle({ api, journal }: Run): Promise<Facts['sagas']> {
  const progress = startProgress('Sagas', journal.sagas.size);
  const sagas = await awaitSagas(api, journal, Date.now() + settleMs, progress.step);
  progress.stop();
  return sagas;
}

/** The seats as the seat map shows them now; undefined when it can't be had, which is for the verdicts to say. */
async function lookAgain({ api, venue }: Run, seats: readonly Seat[]): Promise<Seat[] | undefined> {
  const ids = new Set(seats.map(({ concertSeatId }) => concertSeatId));
  try {
    const map = await seatMap(api, venue.performance.performanceId);
    return map.filter(({ concertSeatId }) => ids.has(concertSeatId));
  } catch (error) {
    if (isCannotRun(error)) return undefined;
    throw error;
  }
}

async function probeAll(storm: Storm, seats: readonly Seat[]): Promise<Facts['locks']['probes']> {
  const progress = startProgress('Locks', seats.length);
  const probes = await probeLocks(storm, seats, progress.step);
  progress.stop();
  return probes;
}
