import type { Concert, Performance, Seat } from '@holdfast/client/types';
import type { Holdfast } from './api/holdfast.ts';
import { allPages } from './api/pages.ts';
import { cannotRun } from './cannot-run.ts';
import type { Random } from './random.ts';

export type Venue = { concert: Concert; performance: Performance; wanted: Seat[]; spare: Seat[] };

/**
 * A performance with enough free seats: those that everyone will want, and as many spare ones, far from them.
 *
 * @throws CannotRun when there is none
 */
export async function chooseVenue(api: Holdfast, seats: number, random: Random): Promise<Venue> {
  for (const concert of random.shuffle(await allPages<Concert>(api.concerts, 100))) {
    const performances = await allPages<Performance>(
      (query) => api.performances(concert.concertId, query),
      100,
    );
    for (const performance of random.shuffle(performances)) {
      const all = await seatMap(api, performance.performanceId);
      const free = all.filter(({ status }) => status === 'AVAILABLE');
      if (free.length >= 2 * seats)
        return { concert, performance, wanted: free.slice(0, seats), spare: free.slice(-seats) };
    }
  }
  throw cannotRun(
    `No performance has ${2 * seats} free seats: wait until the holds of earlier runs have expired (5 minutes), ` +
      'or want fewer with --seats <n>',
  );
}

/** All seats of a performance, as they stand. */
export const seatMap = (api: Holdfast, performanceId: string): Promise<Seat[]> =>
  allPages<Seat>((query) => api.seats(performanceId, query), 1_000);

export const nameOf = ({ section, row, number }: Seat): string => `${section} ${row}-${number}`;
