import type pg from 'pg';

/** A seat as the load needs it. */
export type Seat = { concertSeatId: string; concertId: string; performanceId: string; price: number };

export const currency = 'KRW';
const concerts = 8;
const seatsPerRow = 20;

/**
 * A catalogue of `count` seats, far more than the demo's, put into the reservation service's tables by the administrator.
 * Its ids come from their numbers: the same for every run.
 */
export async function insertSeats(postgres: pg.Pool, count: number): Promise<Seat[]> {
  await postgres.query(
    `insert into reservation.concert (concert_id, title, venue)
     select md5('concert ' || n)::uuid, 'Concert ' || n, 'Venue' from generate_series(1, $1::int) n`,
    [concerts],
  );
  await postgres.query(
    `insert into reservation.performance (performance_id, concert_id, starts_at)
     select md5('performance ' || n)::uuid, md5('concert ' || n)::uuid, now() + interval '90 days'
     from generate_series(1, $1::int) n`,
    [concerts],
  );
  const { rows } = await postgres.query<Seat>(
    `with seat as (
       insert into reservation.concert_seat
         (concert_seat_id, performance_id, section, row, number, price_amount, currency)
       select md5('seat ' || n)::uuid, md5('performance ' || 1 + n % $1)::uuid, 'A', n / $1 / $2, n / $1 % $2,
         1000 * (40 + n % 61), $3
       from generate_series(0, $4::int - 1) n
       returning *
     )
     select concert_seat_id as "concertSeatId", concert_id as "concertId", performance_id as "performanceId",
       price_amount::int as price
     from seat join reservation.performance using (performance_id) order by concert_seat_id`,
    [concerts, seatsPerRow, currency, count],
  );
  return rows;
}
