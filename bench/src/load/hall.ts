import type pg from 'pg';
import type { Seat } from './visitors.ts';

/** Builds a hall of so many seats for each concert, beside those of the demo. @returns hands out seats, each once */
export async function buildHall(postgres: pg.Pool, seatsPerConcert: number): Promise<() => Seat> {
  const { rows } = await postgres.query(
    `with hall as (
       insert into reservation.performance (performance_id, concert_id, starts_at)
       select gen_random_uuid(), concert_id, now() + interval '90 days' from reservation.concert
       returning performance_id, concert_id
     ), seat as (
       insert into reservation.concert_seat
         (concert_seat_id, performance_id, section, row, number, price_amount, currency)
       select gen_random_uuid(), performance_id, 'bench', n / 100 + 1, n % 100 + 1, 99000, 'KRW'
       from hall, generate_series(0, $1 - 1) as n
       returning concert_seat_id, performance_id, price_amount, currency
     )
     select concert_id as "concertId", concert_seat_id as "concertSeatId", price_amount::int as price, currency
     from seat join hall using (performance_id) order by concert_seat_id`,
    [seatsPerConcert],
  );
  const seats = rows as Seat[];
  return () => {
    const seat = seats.pop();
    if (!seat) throw new Error('no seats are left: build a larger hall');
    return seat;
  };
}
