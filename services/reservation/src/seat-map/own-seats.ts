import { gather } from '@holdfast/shared/batching/gather';
import { type Database, query } from '@holdfast/shared/database/query';
import type { StatusLetter } from './seat-status.ts';

type Asker = { performanceId: string; userId: string };
export type OwnSeat = { concertSeatId: string; status: StatusLetter };

/**
 * The seats of a performance that a user holds or has bought, as the database has them this very moment. Users who ask at
 * once share a statement.
 */
export function ownSeatsIn(db: Database): (asker: Asker) => Promise<OwnSeat[]> {
  return gather<Asker, OwnSeat[]>(
    async (askers) => {
      const rows = await query<OwnSeat & { asker: number }>(
        db,
        `select asker.no as asker, s.concert_seat_id as "concertSeatId",
           case s.status when 'SOLD' then 'S' else 'H' end as status
         from unnest(?::uuid[], ?::uuid[]) with ordinality as asker (performance_id, user_id, no)
           join reservation r on r.user_id = asker.user_id and r.performance_id = asker.performance_id and r.live
           join reservation_seat using (reservation_id)
           join concert_seat s on s.concert_seat_id = reservation_seat.concert_seat_id
             and s.reservation_id = r.reservation_id
         where r.status = 'PAID' or r.hold_expires_at > now() or r.paying_saga is not null`,
        [askers.map(({ performanceId }) => performanceId), askers.map(({ userId }) => userId)],
      );
      const seats: OwnSeat[][] = askers.map(() => []);
      for (const { asker, ...seat } of rows) seats[asker - 1]?.push(seat);
      return seats;
    },
    { maxBatch: 500, maxWaiting: 5_000 },
  );
}
