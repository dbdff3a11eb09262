import { randomUUID } from 'node:crypto';
import {
  cancelPayment,
  createPayment,
  refundPayment,
  reinstatePayment,
} from '@holdfast/shared/contracts/payment';
import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import { inTransaction, query, runAll } from '@holdfast/shared/database/query';
import { decode, type OutgoingRecord } from '@holdfast/shared/messaging/cloud-event';
import { encodeCommand } from '@holdfast/shared/messaging/protocol';
import { type TestSaga, todo, undo } from '@holdfast/shared/testing/commands';
import { eventually } from '@holdfast/shared/testing/eventually';
import { type Stage, stage } from '@holdfast/shared/testing/participant';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { paymentParticipant } from './participant.ts';
import { changes } from './rows.ts';
import { migrations } from './schema.ts';
import { type Payment, put, stateOf } from './state.ts';
import { apply, payload } from './testing/batch.ts';
import { paymentsOf } from './testing/payments.ts';

let on: Stage;
let sagas = 1_000;

/** A saga that pays a reservation; its payment has its own id. */
type Paying = TestSaga & { reservationId: string };
const paying = (reservationId: string = randomUUID()): Paying => ({
  reservationId,
  sagaId: randomUUID(),
  sagaNo: ++sagas,
});
const create = (by: Paying) =>
  todo(createPayment, { ...payload, reservationId: by.reservationId, paymentId: by.sagaId }, by);
const cancel = (by: Paying, paymentId = by.sagaId) =>
  undo(cancelPayment, { reservationId: by.reservationId, paymentId }, by);

const done = { outcome: 'done', result: {} };
const undone = { ...done, effect: 'undone' };
const nothing = { ...done, effect: 'none' };
const alreadyPaid = { outcome: 'refused', code: 'already-paid' };

const completed = ({ sagaId }: Paying) => ({ payment_id: sagaId, status: 'COMPLETED', cancelled: false });
const cancelled = ({ sagaId }: Paying) => ({ payment_id: sagaId, status: 'CANCELLED', cancelled: true });

describe('the payment service', () => {
  beforeAll(async () => {
    on = await stage(paymentParticipant, migrations);
  });
  afterAll(() => on.stop());

  test('creates a payment, and cancels it', async () => {
    const by = paying();
    expect(await on.orchestrator.ask([create(by)])).toEqual([done]);
    expect(await paymentsOf(on.db, by.reservationId)).toEqual([completed(by)]);
    expect(await on.orchestrator.ask([cancel(by)])).toEqual([undone]);
    expect(await paymentsOf(on.db, by.reservationId)).toEqual([cancelled(by)]);
  });

  test('refunds a payment, puts it back, and refunds it for good; the reservation is never paid again', async () => {
    const { reservationId, ...by } = paying();
    const first = paying(reservationId);
    expect(await on.orchestrator.ask([create({ reservationId, ...by })])).toEqual([done]);
    const refundBy = (saga: TestSaga) => todo(refundPayment, { reservationId, userId: payload.userId }, saga);
    const refunded = { outcome: 'done', result: { paymentId: by.sagaId, price: payload.price } };
    expect(await on.orchestrator.ask([refundBy(first)])).toEqual([refunded]);
    expect(await on.orchestrator.ask([undo(reinstatePayment, { reservationId }, first)])).toEqual([undone]);
    expect(await paymentsOf(on.db, reservationId)).toMatchObject([{ status: 'COMPLETED' }]);
    expect(await on.orchestrator.ask([refundBy(paying())])).toEqual([refunded]);
    expect(await paymentsOf(on.db, reservationId)).toMatchObject([{ status: 'REFUNDED' }]);
    expect(await on.orchestrator.ask([refundBy(paying())])).toMatchObject([{ code: 'not-paid' }]);
    expect(await on.orchestrator.ask([create(paying(reservationId))])).toEqual([alreadyPaid]);
  });

  test('creates and cancels in one batch', async () => {
    const [by, next] = [paying(), paying()];
    const second = { ...next, reservationId: by.reservationId };
    expect(await on.orchestrator.ask([create(by), cancel(by), create(second)])).toEqual([done, undone, done]);
    const rows = await paymentsOf(on.db, by.reservationId);
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(expect.arrayContaining([cancelled(by), completed(second)]));
  });

  test('lets one of 100 rivals pay a reservation', async () => {
    const reservationId = randomUUID();
    const replies = await on.orchestrator.ask(
      Array.from({ length: 100 }, () => create(paying(reservationId))),
    );
    expect(replies.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect(replies.filter(({ outcome }) => outcome === 'refused')).toEqual(Array(99).fill(alreadyPaid));
    expect(await on.orchestrator.ask([create(paying(reservationId))])).toEqual([alreadyPaid]);
    expect(await paymentsOf(on.db, reservationId)).toMatchObject([{ status: 'COMPLETED' }]);
  });

  test('does a command once, however often it comes and however late', async () => {
    const { db, orchestrator } = on;
    const by = paying();
    expect(await orchestrator.ask(Array(10).fill(create(by)))).toEqual(Array(10).fill(done));
    expect(await orchestrator.ask(Array(10).fill(cancel(by)))).toEqual(Array(10).fill(undone));
    expect(await orchestrator.ask(Array(10).fill(create(by)))).toEqual(Array(10).fill(done));
    expect(await paymentsOf(db, by.reservationId)).toEqual([cancelled(by)]);
  });

  test('never creates what was cancelled before', async () => {
    const by = paying();
    expect(await on.orchestrator.ask([cancel(by)])).toEqual([nothing]);
    // Nobody answers it; that what follows on its partition is answered shows that it has been passed.
    await on.orchestrator.tell([create(by)]);
    expect(await on.orchestrator.ask([cancel(by)])).toEqual([nothing]);
    expect(await paymentsOf(on.db, by.reservationId)).toEqual([]);
  });

  test('says that a payment was cancelled; that one is completed is not its to say', async () => {
    const by = paying();
    await on.orchestrator.ask([create(by)]);
    await on.orchestrator.ask([cancel(by)]);
    const { reservationId, sagaId: paymentId } = by;
    const event = await eventually('the event', () =>
      on.events().find(({ key }) => String(key) === reservationId),
    );
    expect(decode(event)).toMatchObject({
      type: 'payment.cancelled',
      subject: reservationId,
      data: { ...payload, reservationId, paymentId },
    });
    const types = new Set(on.events().map(({ headers }) => String(headers.ce_type)));
    expect(types).toEqual(new Set(['payment.cancelled']));
  });

  test('passes over poison in the middle of a batch, which the dead letters keep byte for byte', async () => {
    const { kafka, orchestrator } = on;
    const [first, last] = [paying(), paying()];
    const record = encodeCommand(createPayment, create(first));
    const poison: OutgoingRecord[] = [
      { ...record, value: Buffer.from([0xff, 0xfe, 0x00]) },
      { ...record, value: JSON.stringify({ ...payload, price: { amount: 1.5, currency: 'KRW' } }) },
      { ...record, headers: { ...record.headers, ce_type: 'payment.confirm' } },
    ];
    // On the first one's partition, so that all of them come together.
    const { key } = record;
    await kafka.publish([record, ...poison, { ...encodeCommand(createPayment, create(last)), key }]);
    const letters = await eventually('the dead letters', () => {
      const found = on.deadLetters().filter((letter) => String(letter.key) === key);
      return found.length === poison.length && found;
    });
    expect(letters.map(({ value }) => value)).toEqual(
      poison.map(({ value }) => Buffer.from(value as Buffer | string)),
    );
    expect(await orchestrator.ask([create(first), create(last)])).toEqual([done, done]);
  });

  test("dead-letters a cancellation of another saga's payment, and goes on", async () => {
    const { db, orchestrator } = on;
    const [owner, intruder] = [paying(), paying()];
    await orchestrator.ask([create(owner), create(intruder)]);
    const wrong = { ...cancel(intruder, owner.sagaId) };
    await orchestrator.tell([wrong]);
    const letter = await eventually('the dead letter', () =>
      on.deadLetters().find(({ headers }) => String(headers.ce_id) === wrong.id),
    );
    expect(String(letter.headers.dlq_attempts)).toBe('5');
    expect(await paymentsOf(db, owner.reservationId)).toEqual([completed(owner)]);

    expect(await orchestrator.ask([cancel(intruder)])).toEqual([undone]);
    expect(await paymentsOf(db, intruder.reservationId)).toEqual([cancelled(intruder)]);
  });

  test('has the database itself refuse a second completed payment of a reservation', async () => {
    const reservationId = randomUUID();
    const insert = () =>
      inTransaction(on.db, async (tx) => {
        const state = stateOf([]);
        const { sagaId, sagaNo: _, ...by } = paying(reservationId);
        put(state, {
          ...payload,
          ...by,
          paymentId: randomUUID(),
          sagaId,
          status: 'COMPLETED',
          refundingSaga: null,
        });
        await runAll(tx, changes(state));
      });
    await insert();
    await expect(insert()).rejects.toMatchObject({ code: '23505', constraint: 'payment_once' });
    await query(on.db, `update payment set status = 'CANCELLED' where reservation_id = ?`, [reservationId]);
    await insert();
  });
});

describe('instances that handle the same records at once', () => {
  beforeAll(async () => {
    on = await stage(paymentParticipant, migrations, { zombie: true });
  });
  afterAll(() => on.stop());

  test('make and cancel each payment once', async () => {
    const { db, orchestrator } = on;
    const commands = history(240);
    for (const chunk of chunks(commands, 60)) await orchestrator.tell(chunk);
    await orchestrator.heard(commands, 2);

    // One after the other in memory: what Kafka's order for each reservation says has to come out.
    const expected = stateOf([]);
    apply(expected, commands);
    const rows = await query<Pick<Payment, 'status'> & { id: string }>(
      db,
      'select payment_id as id, status from payment',
    );
    const wanted = [...expected.payments.values()].map(({ paymentId: id, status }) => ({ id, status }));
    expect(rows.toSorted(byId)).toEqual(wanted.toSorted(byId));
    expect(on.deadLetters()).toEqual([]);
  });
});

/** Rivals for a few reservations; some are cancelled a little later, some come again much later. */
function history(length: number): CommandMessage[] {
  const reservationIds = Array.from({ length: 8 }, () => randomUUID());
  const acts = Array.from({ length }, (_, i) => paying(reservationIds[i % reservationIds.length]));
  return acts.flatMap((by, i) => {
    const [recent, old] = [acts[i - 16], acts[i - 80]];
    return [
      create(by),
      ...(recent && i % 3 === 0 ? [cancel(recent)] : []),
      ...(old && i % 5 === 0 ? [create(old)] : []),
    ];
  });
}

const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
