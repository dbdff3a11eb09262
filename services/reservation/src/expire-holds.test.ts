import { randomUUID } from 'node:crypto';
import { inTransaction, query } from '@holdfast/shared/database/query';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expireHolds } from './expire-holds.ts';
import { type Catalogue, createCatalogue, insertHold, statusOf } from './testing/catalogue.ts';

let catalogue: Catalogue;
let used = 0;
const nextSeat = (): string => catalogue.seatIds[used++] as string;

beforeAll(async () => {
  catalogue = await createCatalogue(1_200);
});
afterAll(() => catalogue.drop());

const held = { seat: 'HELD', reservation: 'TEMPORARY_HOLD' };
const free = { seat: 'AVAILABLE', reservation: null };

describe('expireHolds', () => {
  test('frees the seat of a hold that has run out, and says so through the outbox', async () => {
    const { db } = catalogue;
    const seat = nextSeat();
    const userId = randomUUID();
    const reservationId = await insertHold(db, seat, { expiresInMs: -1, userId });
    expect(await expireHolds(db)).toBe(1);
    expect(await statusOf(db, seat)).toEqual(free);
    const outbox = await query<{ event: object }>(db, 'delete from outbox returning event');
    expect(outbox.map(({ event }) => event)).toEqual([
      {
        type: 'reservation.released',
        key: reservationId,
        data: { reservationId, concertSeatIds: [seat], userId, reason: 'expired' },
      },
    ]);
    expect(await expireHolds(db)).toBe(0);
  });

  test('leaves a hold that has time left, and one that is being paid', async () => {
    const { db } = catalogue;
    const [inTime, inPayment] = [nextSeat(), nextSeat()];
    await insertHold(db, inTime, { expiresInMs: 60_000 });
    await insertHold(db, inPayment, { expiresInMs: -1, payingSaga: randomUUID() });
    expect(await expireHolds(db)).toBe(0);
    expect(await statusOf(db, inTime)).toEqual(held);
    expect(await statusOf(db, inPayment)).toEqual(held);
  });

  test('passes over a seat that a command has locked', async () => {
    const { db } = catalogue;
    const seat = nextSeat();
    await insertHold(db, seat, { expiresInMs: -1 });
    await inTransaction(db, async (tx) => {
      await query(tx, 'select from concert_seat where concert_seat_id = ? for no key update', [seat]);
      expect(await expireHolds(db)).toBe(0);
    });
    expect(await expireHolds(db)).toBe(1);
  });

  test('frees all seats of a hold together, or none while a command has locked one of them', async () => {
    const { db } = catalogue;
    const seats = [nextSeat(), nextSeat(), nextSeat()].toSorted();
    const reservationId = await insertHold(db, seats, { expiresInMs: -1 });
    await query(db, 'delete from outbox');
    await inTransaction(db, async (tx) => {
      await query(tx, 'select from concert_seat where concert_seat_id = ? for no key update', [
        seats[1] as string,
      ]);
      expect(await expireHolds(db)).toBe(0);
      for (const seat of seats) expect(await statusOf(db, seat)).toEqual(held);
    });
    expect(await expireHolds(db)).toBe(1);
    for (const seat of seats) expect(await statusOf(db, seat)).toEqual(free);
    const outbox = await query<{ event: { data: object } }>(db, 'delete from outbox returning event');
    expect(outbox.map(({ event }) => event.data)).toMatchObject([{ reservationId, concertSeatIds: seats }]);
  });

  test('never expires a hold that a payment marks at the same moment', async () => {
    const { db } = catalogue;
    const payingSaga = randomUUID();
    const contested = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const seat = nextSeat();
        return { seat, reservationId: await insertHold(db, seat, { expiresInMs: -1 }) };
      }),
    );
    const marks = contested.map(({ seat, reservationId }) =>
      inTransaction(db, async (tx) => {
        await query(tx, 'select from concert_seat where concert_seat_id = ? for no key update', [seat]);
        return query(
          tx,
          `update reservation set paying_saga = ? where reservation_id = ? and status = 'TEMPORARY_HOLD' returning 1`,
          [payingSaga, reservationId],
        );
      }),
    );
    const expiries = Array.from({ length: 5 }, () => expireHolds(db));
    const marked = (await Promise.all(marks)).filter((rows) => rows.length > 0).length;
    await Promise.all(expiries);

    const [found] = await query(
      db,
      `select count(*) filter (where r.status = 'TEMPORARY_HOLD' and s.reservation_id = r.reservation_id) as marked,
         count(*) filter (where r.status = 'EXPIRED') as expired_though_marked
       from reservation r join reservation_seat using (reservation_id) join concert_seat s using (concert_seat_id)
       where r.paying_saga = ?`,
      [payingSaga],
    );
    expect(found).toEqual({ marked, expired_though_marked: 0 });
  });

  test('expires any number, each once, however many instances look', async () => {
    const { db } = catalogue;
    await query(db, 'delete from outbox');
    const due = Array.from({ length: 1_050 }, nextSeat);
    await query(
      db,
      `with due as (
         select gen_random_uuid() as reservation_id, seat_id from unnest(?::uuid[]) as seat_id
       ), held as (
         insert into reservation (reservation_id, performance_id, user_id, status, price_amount, currency,
           hold_expires_at)
         select reservation_id, ?, gen_random_uuid(), 'TEMPORARY_HOLD', 1000, 'KRW', now() from due
       ), its as (
         insert into reservation_seat select reservation_id, seat_id, true from due
       )
       update concert_seat s set status = 'HELD', reservation_id = due.reservation_id
       from due where s.concert_seat_id = due.seat_id`,
      [due, catalogue.performanceId],
    );
    await Promise.all([expireHolds(db), expireHolds(db), expireHolds(db)]);
    await expireHolds(db);
    const [left] = await query(
      db,
      `select count(*) as held, (select count(distinct event->>'key') from outbox) as told,
         (select count(*) from outbox) as events
       from concert_seat where concert_seat_id = any(?::uuid[]) and status = 'HELD'`,
      [due],
    );
    expect(left).toEqual({ held: 0, told: due.length, events: due.length });
  });
});
