import type pg from 'pg';

export type Stadium = { concertId: string; performanceId: string };

/** The performance with the most seats, of the demo catalogue. */
export async function largestPerformance(postgres: pg.Pool): Promise<Stadium> {
  const { rows } = await postgres.query(
    `select concert_id as "concertId", performance_id as "performanceId"
     from reservation.performance join reservation.concert_seat using (performance_id)
     group by 1, 2 order by count(*) desc limit 1`,
  );
  return rows[0] as Stadium;
}

/** Another performance with the same seats, but with ids that are random. @returns its id */
export async function withRandomIds(
  postgres: pg.Pool,
  { concertId, performanceId }: Stadium,
): Promise<string> {
  const { rows } = await postgres.query(
    `with other as (
       insert into reservation.performance (performance_id, concert_id, starts_at)
       values (gen_random_uuid(), $1, now() + interval '90 days') returning performance_id
     ), seats as (
       insert into reservation.concert_seat
         (concert_seat_id, performance_id, section, row, number, price_amount, currency)
       select gen_random_uuid(), other.performance_id, section, row, number, price_amount, currency
       from other, reservation.concert_seat s where s.performance_id = $2
     )
     select performance_id as id from other`,
    [concertId, performanceId],
  );
  return rows[0].id;
}

/** Sells three of ten seats and has three held, anywhere: so mixed, statuses compress least. */
export async function sellSome(postgres: pg.Pool, performanceId: string): Promise<void> {
  await postgres.query(
    `with chosen as (
       select concert_seat_id, gen_random_uuid() as reservation_id,
         case when random() < 0.5 then 'SOLD' else 'HELD' end as status
       from reservation.concert_seat where performance_id = $1 and random() < 0.6
     )
     update reservation.concert_seat s set status = chosen.status, reservation_id = chosen.reservation_id
     from chosen where s.concert_seat_id = chosen.concert_seat_id`,
    [performanceId],
  );
  await postgres.query('analyze reservation.concert_seat');
}
