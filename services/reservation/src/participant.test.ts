import { randomUUID } from 'node:crypto';
import * as contract from '@holdfast/shared/contracts/reservation';
import { query } from '@holdfast/shared/database/query';
import type { Consumption } from '@holdfast/shared/messaging/consume';
import type { KafkaConnection } from '@holdfast/shared/messaging/kafka';
import { participate } from '@holdfast/shared/participant/participate';
import { createLogger } from '@holdfast/shared/process/logger';
import { type TestSaga, todo, undo } from '@holdfast/shared/testing/commands';
import { connectTestKafka, playOrchestrator, type TestOrchestrator } from '@holdfast/shared/testing/kafka';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expireHolds } from './expire-holds.ts';
import { reservationParticipant } from './participant.ts';
import { type Catalogue, createCatalogue, insertHold, statusOf } from './testing/catalogue.ts';

/** Two instances on real Kafka and Postgres, as the orchestrator sees them. */

let catalogue: Catalogue;
let kafka: KafkaConnection;
let instances: Consumption[];
let orchestrator: TestOrchestrator;

beforeAll(async () => {
  catalogue = await createCatalogue(150);
  kafka = await connectTestKafka();
  const participant = reservationParticipant({ holdTtlMs: 600_000, maxSeatsPerUser: 8 });
  const instance = () =>
    participate({
      participant,
      db: catalogue.db,
      kafka,
      faults: false,
      onFatal: (error) => {
        throw error;
      },
      log: createLogger({ service: 'reservation', level: 'silent' }),
    });
  instances = await Promise.all([instance(), instance()]);
  orchestrator = await playOrchestrator(
    kafka,
    participant.handlers.map(({ command }) => command),
  );
});
afterAll(async () => {
  await orchestrator.stop();
  await Promise.all(instances.map((instance) => instance.stop()));
  await kafka.close();
  await catalogue.drop();
});

let sagas = 0;
const nextSaga = (): TestSaga => ({ sagaId: randomUUID(), sagaNo: ++sagas });
let used = 0;
const nextSeat = (): string => catalogue.seatIds[used++] as string;
const userId = randomUUID();

const holdOf = (seats: string | string[], by: TestSaga, buyer: string = randomUUID()) =>
  todo(
    contract.hold,
    { reservationId: by.sagaId, concertSeatIds: [seats].flat().toSorted(), userId: buyer },
    by,
  );
const markOf = (reservationId: string, concertSeatId: string, by: TestSaga) =>
  todo(contract.loadReservation, { reservationId, concertSeatIds: [concertSeatId], userId }, by);

/** The same command in another step of its saga. */
const inStep = (step: string, command: ReturnType<typeof todo>) => ({
  ...command,
  step,
  id: `${command.sagaId}/${step}/${command.action}`,
});

describe('the reservation service', () => {
  test('looks at a seat, holds it, marks it and sells it', async () => {
    const seat = nextSeat();
    const reserving = nextSaga();
    const { concertId } = catalogue;
    const look = { reservationId: reserving.sagaId, concertSeatIds: [seat], concertId };
    expect(await orchestrator.ask([inStep('look', todo(contract.loadSeat, look, reserving))])).toEqual([
      { outcome: 'done', result: { price: { amount: 1000, currency: 'KRW' } } },
    ]);
    expect(await orchestrator.ask([holdOf(seat, reserving, userId)])).toMatchObject([{ outcome: 'done' }]);

    const paying = nextSaga();
    const reservationId = reserving.sagaId;
    const mark = inStep('mark', markOf(reservationId, seat, paying));
    expect(await orchestrator.ask([mark])).toMatchObject([{ outcome: 'done' }]);
    const confirm = inStep('confirm', todo(contract.confirm, { reservationId }, paying));
    expect(await orchestrator.ask([confirm])).toEqual([{ outcome: 'done', result: {} }]);
    expect(await statusOf(catalogue.db, seat)).toEqual({ seat: 'SOLD', reservation: 'PAID' });

    const refunding = nextSaga();
    const claim = { reservationId, concertSeatIds: [seat], userId };
    const load = inStep('load', todo(contract.loadPaid, claim, refunding));
    expect(await orchestrator.ask([load])).toEqual([{ outcome: 'done', result: {} }]);
    const another = inStep('load', todo(contract.loadPaid, claim, nextSaga()));
    expect(await orchestrator.ask([another])).toMatchObject([{ code: 'in-refund' }]);
    const release = inStep('release', todo(contract.releaseSeats, { reservationId }, refunding));
    expect(await orchestrator.ask([release])).toEqual([{ outcome: 'done', result: {} }]);
    expect(await statusOf(catalogue.db, seat)).toEqual({ seat: 'AVAILABLE', reservation: null });
    expect(await orchestrator.ask([holdOf(seat, nextSaga())])).toMatchObject([{ outcome: 'done' }]);
  });

  test('lets one of 100 have a seat that they all want at once', async () => {
    const seat = nextSeat();
    const replies = await orchestrator.ask(Array.from({ length: 100 }, () => holdOf(seat, nextSaga())));
    const codes = replies.map((reply) => (reply.outcome === 'done' ? 'done' : reply.code));
    expect(codes.filter((code) => code === 'done')).toHaveLength(1);
    // Partitions keep no order among them, so that the winner needn't be the oldest.
    expect(['done', 'seat-taken', 'outdated']).toEqual(expect.arrayContaining(codes));
    expect(await statusOf(catalogue.db, seat)).toEqual({ seat: 'HELD', reservation: 'TEMPORARY_HOLD' });
  });

  test('does not deadlock where batches name the same seats in opposite orders', async () => {
    const seats = Array.from({ length: 20 }, nextSeat);
    const commands = [...seats, ...seats.toReversed()].map((seat) => holdOf(seat, nextSaga()));
    const replies = await orchestrator.ask(commands);
    expect(replies.filter(({ outcome }) => outcome === 'done')).toHaveLength(seats.length);
  });

  test('holds several seats or none, however the wishes of many overlap', async () => {
    const { db } = catalogue;
    const seats = Array.from({ length: 12 }, nextSeat);
    const threeOf = (i: number): string[] => [0, 4, 7].map((step) => seats[(i + step) % 12] as string);
    const wishes = Array.from({ length: 24 }, (_, i) => ({ ids: threeOf(i), saga: nextSaga() }));
    const replies = await orchestrator.ask(wishes.map(({ ids, saga }) => holdOf(ids, saga)));
    const held = wishes.filter((_, i) => replies[i]?.outcome === 'done');
    const ids = held.flatMap((wish) => wish.ids);
    expect(held.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(3 * held.length);

    const found = await query(
      db,
      `select reservation_id as id, array_agg(concert_seat_id order by concert_seat_id) as seats from concert_seat
       where concert_seat_id = any(?::uuid[]) and status = 'HELD' group by reservation_id order by 1`,
      [seats],
    );
    const expected = held.map(({ ids, saga }) => ({ id: saga.sagaId, seats: ids.toSorted() }));
    expect(found).toEqual(expected.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  });

  test('takes over all seats of a hold that has run out, though only one of them is wanted', async () => {
    const { db } = catalogue;
    const [wanted, other] = [nextSeat(), nextSeat()];
    await insertHold(db, [wanted, other], { expiresInMs: -1 });
    expect(await orchestrator.ask([holdOf(wanted, nextSaga())])).toMatchObject([{ outcome: 'done' }]);
    expect(await statusOf(db, wanted)).toEqual({ seat: 'HELD', reservation: 'TEMPORARY_HOLD' });
    expect(await statusOf(db, other)).toEqual({ seat: 'AVAILABLE', reservation: null });
  });

  test('lets a user have so many seats of a concert, however many holds are asked for at once', async () => {
    const { db } = catalogue;
    const buyer = randomUUID();
    const wishes = Array.from({ length: 14 }, (_, i) => (i % 2 ? [nextSeat(), nextSeat()] : [nextSeat()]));
    const replies = await orchestrator.ask(wishes.map((seats) => holdOf(seats, nextSaga(), buyer)));
    for (const reply of replies)
      expect(['done', 'seat-limit-exceeded']).toContain(reply.outcome === 'done' ? 'done' : reply.code);
    const had = async () => {
      const [row] = await query<{ seats: number }>(
        db,
        `select count(*) as seats from reservation_seat join reservation r using (reservation_id)
         where r.user_id = ? and r.live`,
        [buyer],
      );
      return row?.seats;
    };
    // One more may not have fitted where two were wanted.
    expect([7, 8]).toContain(await had());
    const more = await orchestrator.ask([holdOf([nextSeat(), nextSeat()], nextSaga(), buyer)]);
    expect(more).toMatchObject([{ code: 'seat-limit-exceeded' }]);

    await query(db, `update reservation set hold_expires_at = now() where user_id = ?`, [buyer]);
    await expireHolds(db);
    expect(await had()).toBe(0);
    expect(
      await orchestrator.ask([holdOf(Array.from({ length: 8 }, nextSeat), nextSaga(), buyer)]),
    ).toMatchObject([{ outcome: 'done' }]);
  });

  test('answers a command that comes again, at once or late, as it did', async () => {
    const seat = nextSeat();
    const saga = nextSaga();
    const command = holdOf(seat, saga);
    const [first] = await orchestrator.ask([command]);
    expect(await orchestrator.ask([command, command])).toEqual([first, first]);

    await orchestrator.ask([undo(contract.cancelHold, { reservationId: saga.sagaId }, saga)]);
    expect(await orchestrator.ask([command])).toEqual([first]);
    expect(await statusOf(catalogue.db, seat)).toEqual({ seat: 'AVAILABLE', reservation: null });
  });

  test('never runs an action whose compensation came first', async () => {
    const seat = nextSeat();
    const saga = nextSaga();
    const cancel = undo(contract.cancelHold, { reservationId: saga.sagaId }, saga);
    const [reply] = await orchestrator.ask([cancel]);
    expect(reply).toEqual({ outcome: 'done', result: {}, effect: 'none' });
    // Nobody answers it; that what follows on its partition is answered shows that it has been passed.
    await orchestrator.tell([holdOf(seat, saga)]);
    expect(await orchestrator.ask([cancel])).toEqual([reply]);
    expect(await statusOf(catalogue.db, seat)).toEqual({ seat: 'AVAILABLE', reservation: null });
  });

  test('refuses a saga that is older than the last one on the seat', async () => {
    const seat = nextSeat();
    const [older, newer] = [nextSaga(), nextSaga()];
    await orchestrator.ask([holdOf(seat, newer)]);
    await orchestrator.ask([undo(contract.cancelHold, { reservationId: newer.sagaId }, newer)]);
    expect(await orchestrator.ask([holdOf(seat, older)])).toMatchObject([{ code: 'outdated' }]);
  });

  test('keeps a hold in payment past its time, and lets it go once it is unmarked', async () => {
    const { db } = catalogue;
    const seat = nextSeat();
    const reservationId = await insertHold(db, seat, { expiresInMs: 60_000, userId });
    const paying = nextSaga();
    expect(await orchestrator.ask([markOf(reservationId, seat, paying)])).toMatchObject([
      { outcome: 'done' },
    ]);
    await query(db, 'update reservation set hold_expires_at = now() where reservation_id = ?', [
      reservationId,
    ]);
    expect(await expireHolds(db)).toBe(0);
    expect(await orchestrator.ask([holdOf(seat, nextSaga())])).toMatchObject([{ code: 'seat-taken' }]);

    expect(await orchestrator.ask([undo(contract.unmark, { reservationId }, paying)])).toMatchObject([
      { effect: 'undone' },
    ]);
    expect(await orchestrator.ask([markOf(reservationId, seat, nextSaga())])).toMatchObject([
      { code: 'hold-expired' },
    ]);
    expect(await expireHolds(db)).toBe(1);
  });

  test('has the database itself refuse a second live reservation of a seat', async () => {
    const { db } = catalogue;
    const seat = nextSeat();
    const first = await insertHold(db, seat, { expiresInMs: 60_000 });
    await expect(insertHold(db, seat, { expiresInMs: 60_000 })).rejects.toMatchObject({
      code: '23505',
      constraint: 'reservation_live',
    });
    await query(db, `update reservation set status = 'PAID' where reservation_id = ?`, [first]);
    await expect(insertHold(db, seat, { expiresInMs: 60_000 })).rejects.toMatchObject({ code: '23505' });
    await query(db, `update reservation set status = 'EXPIRED' where reservation_id = ?`, [first]);
    const [again, other] = [await insertHold(db, seat, { expiresInMs: 60_000 }), nextSeat()];
    await expect(insertHold(db, [other, seat], { expiresInMs: 60_000 })).rejects.toMatchObject({
      code: '23505',
    });
    // Nor does an old one come back to life.
    expect(again).not.toBe(first);
    await expect(
      query(db, `update reservation set status = 'PAID' where reservation_id = ?`, [first]),
    ).rejects.toMatchObject({ code: '23505' });
  });
});
