import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hold, loadSeat } from '@holdfast/shared/contracts/reservation';
import { inTransaction, query, runAll } from '@holdfast/shared/database/query';
import { laterSaga, saga, todo } from '@holdfast/shared/testing/commands';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { changes, load } from './rows.ts';
import { apply } from './testing/batch.ts';
import { type Catalogue, createCatalogue, statusOf } from './testing/catalogue.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await createCatalogue(2);
});
afterAll(() => catalogue.drop());

const userId = randomUUID();

describe('the rows of a batch', () => {
  test('are locked until it has committed; the next batch sees what it has done', async () => {
    const { db, concertId, seatIds } = catalogue;
    const concertSeatId = seatIds[0] as string;
    const reservationId = randomUUID();
    const first = todo(hold, { reservationId, concertSeatIds: [concertSeatId], userId }, saga);
    const second = todo(
      hold,
      { reservationId: randomUUID(), concertSeatIds: [concertSeatId], userId },
      laterSaga,
    );
    const look = todo(loadSeat, { reservationId, concertSeatIds: [concertSeatId], concertId });

    let waiting: Promise<unknown> | undefined;
    let waited = false;
    await inTransaction(db, async (tx) => {
      const state = await load(tx, [first]);
      expect(apply(state, [first])).toMatchObject([{ reply: { outcome: 'done' } }]);
      await runAll(tx, changes(state));

      waiting = inTransaction(db, async (other) => apply(await load(other, [second]), [second]));
      void waiting.then(() => {
        waited = true;
      });
      // Who only looks neither waits nor sees what may yet be rolled back.
      expect(apply(await load(db, [look]), [look])).toMatchObject([{ reply: { outcome: 'done' } }]);
      await sleep(200);
      expect(waited).toBe(false);
    });
    expect(await waiting).toMatchObject([{ reply: { code: 'seat-taken' } }]);
    expect(await statusOf(db, concertSeatId)).toEqual({ seat: 'HELD', reservation: 'TEMPORARY_HOLD' });
  });

  test('are not written where nothing has changed', async () => {
    const { db, seatIds } = catalogue;
    const concertSeatId = seatIds[1] as string;
    const version = () =>
      query(db, 'select xmin from concert_seat where concert_seat_id = ?', [concertSeatId]);
    const before = await version();
    const state = await load(db, [
      todo(hold, { reservationId: randomUUID(), concertSeatIds: [concertSeatId], userId }),
    ]);
    expect(state.seats.get(concertSeatId)).toMatchObject({ status: 'AVAILABLE', price: { amount: 1000 } });
    await runAll(db, changes(state));
    expect(await version()).toEqual(before);
  });
});
