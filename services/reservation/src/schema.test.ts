import { randomUUID } from 'node:crypto';
import { migrate } from '@holdfast/shared/database/migrate';
import { query } from '@holdfast/shared/database/query';
import { createTestDatabase } from '@holdfast/shared/testing/database';
import { expect, test } from '@jest/globals';
import { migrations } from './schema.ts';

test('what was reserved before a reservation had several seats is carried over', async () => {
  const { db, drop } = await createTestDatabase();
  try {
    const before = migrations.findIndex(({ name }) => name === '012-reservation-seat');
    await migrate(db, migrations.slice(0, before));
    const [seat, performanceId, concertId] = [randomUUID(), randomUUID(), randomUUID()];
    await query(db, `insert into concert values (?, 'A concert', 'A hall')`, [concertId]);
    await query(db, 'insert into performance values (?, ?, now())', [performanceId, concertId]);
    await query(
      db,
      `insert into concert_seat (concert_seat_id, performance_id, section, row, number, price_amount, currency)
       values (?, ?, 'A', 1, 1, 1000, 'KRW')`,
      [seat, performanceId],
    );
    const [paid, expired] = [randomUUID(), randomUUID()];
    for (const [id, status] of [
      [paid, 'PAID'],
      [expired, 'EXPIRED'],
    ])
      await query(
        db,
        `insert into reservation (reservation_id, concert_seat_id, user_id, status, price_amount, currency,
           hold_expires_at)
         values (?, ?, gen_random_uuid(), ?, 1000, 'KRW', now())`,
        [id, seat, status],
      );
    const event = (name: object) => JSON.stringify({ type: 't', key: 'k', data: { userId: 'u', ...name } });
    await query(db, 'insert into outbox (event_id, event) values (gen_random_uuid(), ?)', [
      event({ concertSeatId: seat }),
    ]);
    await query(db, `insert into inbox (id, saga_no, stored) values ('held', 1, ?), ('tombstone', 1, null)`, [
      JSON.stringify({ reply: { outcome: 'done' }, events: [JSON.parse(event({ concertSeatId: seat }))] }),
    ]);

    await migrate(db, migrations);
    expect(
      await query(
        db,
        `select reservation_id, concert_seat_id, s.live, performance_id
         from reservation join reservation_seat s using (reservation_id) order by status desc`,
      ),
    ).toEqual([
      { reservation_id: paid, concert_seat_id: seat, live: true, performance_id: performanceId },
      { reservation_id: expired, concert_seat_id: seat, live: false, performance_id: performanceId },
    ]);
    const now = { type: 't', key: 'k', data: { userId: 'u', concertSeatIds: [seat] } };
    expect(await query(db, 'select event from outbox')).toEqual([{ event: now }]);
    expect(await query(db, 'select id, stored from inbox order by id')).toEqual([
      { id: 'held', stored: { reply: { outcome: 'done' }, events: [now] } },
      { id: 'tombstone', stored: null },
    ]);
  } finally {
    await drop();
  }
});
