import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';
import { lettersOf, type SeenRecord } from './support/topics.ts';

/** Messages that come twice, late, in the wrong order, or that are no messages at all. */

let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('delivery');
  nextSeat = await system.seatSource();
});
afterAll(() => system.stop());

const commandOf = (sagaId: string, type: string): Promise<SeenRecord> =>
  eventually(() => {
    const command = system.topics.ofSaga(sagaId).find(({ headers }) => headers.ce_type === type);
    expect(command).toBeDefined();
    return command as SeenRecord;
  });

/** Waits until everything that was produced on a topic is processed: a command sent last has been answered. */
async function drained(user: { userId: string }): Promise<void> {
  const sagaId = randomUUID();
  await system.topics.produce('balance.commands', {
    key: Buffer.from(user.userId),
    value: Buffer.from(JSON.stringify({ userId: user.userId })),
    headers: commandHeaders('balance.load-user', sagaId, 'load-user', 'do'),
  });
  await eventually(() => expect(replies(sagaId, 'do')).not.toEqual([]));
}

const commandHeaders = (type: string, sagaId: string, step: string, action: 'do' | 'undo') => ({
  'content-type': 'application/json; charset=utf-8',
  ce_specversion: '1.0',
  ce_id: `${sagaId}/${step}/${action}`,
  ce_type: type,
  ce_source: '/holdfast/orchestrator',
  ce_time: new Date().toISOString(),
  ce_sagaid: sagaId,
  // Above every floor, below no fence that matters here.
  ce_sagano: '1000000',
  ce_sagastep: step,
  ce_sagaaction: action,
});

const replies = (sagaId: string, action: string) =>
  system.topics
    .ofSaga(sagaId)
    .filter(({ topic, headers }) => topic === 'saga.replies' && headers.ce_sagaaction === action);

test('every command of a completed payment, delivered again five times, changes nothing', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const { body } = await user.pay(held.reservationId);
  await commandOf(body.sagaId, 'token.delete');
  const state = async () => ({
    balance: await user.balance(),
    ledger: await system.sql('select kind, amount from balance.ledger where user_id = $1 order by entry_id', [
      user.userId,
    ]),
    payments: await system.sql('select status from payment.payment where reservation_id = $1', [
      held.reservationId,
    ]),
    seat: await system.sql(
      'select status, reservation_id from reservation.concert_seat where concert_seat_id = $1',
      [held.concertSeatId],
    ),
    saga: (await user.call('GET', `/v1/sagas/${body.sagaId}`)).body,
  });
  const before = await state();

  await system.topics.caughtUp();
  const commands = system.topics.ofSaga(body.sagaId).filter(({ topic }) => topic.endsWith('.commands'));
  const deducted = replies(body.sagaId, 'do').find(({ headers }) => headers.ce_type === 'balance.deduct');
  for (let copy = 0; copy < 5; copy++)
    for (const { topic, raw } of commands) await system.topics.produce(topic, raw);
  await drained(user);
  expect(await state()).toEqual(before);

  // Each copy is answered as the first one was.
  const answers = await eventually(() => {
    const again = replies(body.sagaId, 'do').filter(({ headers }) => headers.ce_type === 'balance.deduct');
    expect(again.length).toBeGreaterThanOrEqual(6);
    return again;
  });
  for (const { data } of answers) expect(data).toEqual(deducted?.data);
});

test('replies that come again, late, move nothing', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const { body } = await user.pay(held.reservationId);
  const before = (await user.call('GET', `/v1/sagas/${body.sagaId}`)).body;
  await system.topics.caughtUp();
  for (const { topic, raw } of replies(body.sagaId, 'do')) await system.topics.produce(topic, raw);
  // Another payment goes through the same topic after them.
  const other = await hold(user, nextSeat());
  expect((await user.pay(other.reservationId)).status).toBe(201);
  expect((await user.call('GET', `/v1/sagas/${body.sagaId}`)).body).toEqual(before);
  expect(await user.balance()).toBe(500_000 - held.price.amount - other.price.amount);
});

test('a deduction that arrives after its refund never runs', async () => {
  const user = await newUser(system.url, 500_000);
  const sagaId = randomUUID();
  const key = Buffer.from(user.userId);
  const produce = (type: string, action: 'do' | 'undo', payload: object) =>
    system.topics.produce('balance.commands', {
      key,
      value: Buffer.from(JSON.stringify(payload)),
      headers: commandHeaders(type, sagaId, 'deduct-balance', action),
    });
  await produce('balance.refund', 'undo', { userId: user.userId });
  await produce('balance.deduct', 'do', { userId: user.userId, price: { amount: 100, currency: 'KRW' } });
  await produce('balance.refund', 'undo', { userId: user.userId });
  await drained(user);

  expect(await user.balance()).toBe(500_000);
  // An empty rollback is a success, said the same each time; the action that it forestalled is not answered.
  const undone = await eventually(() => {
    const answers = replies(sagaId, 'undo');
    // A rebalance may deliver them once more.
    expect(answers.length).toBeGreaterThanOrEqual(2);
    return answers;
  });
  for (const { data } of undone) expect(data).toEqual({ outcome: 'done', result: {}, effect: 'none' });
  expect(replies(sagaId, 'do')).toEqual([]);
});

test('a deduction that is late, after its payment was compensated, takes nothing', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const { body, status } = await user.pay(held.reservationId, {
    fault: 'balance.deduct=timeout',
    prefer: 'wait=30',
  });
  expect(status).toBe(503);
  const { topic, raw } = await commandOf(body.sagaId, 'balance.deduct');
  const { ce_fault: _, ...headers } = raw.headers;
  await system.topics.produce(topic, { ...raw, headers });
  await drained(user);
  expect(await user.balance()).toBe(500_000);
});

test('what is no message goes to the dead letters, byte for byte, and holds nobody up', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const key = Buffer.from(user.userId);
  const good = commandHeaders('balance.deduct', randomUUID(), 'deduct-balance', 'do');
  const price = { amount: 100, currency: 'KRW' };
  const valid = Buffer.from(JSON.stringify({ userId: user.userId, price }));
  const poisons: [string, Buffer | null, Record<string, string>][] = [
    ['not JSON', Buffer.from('{"userId":'), good],
    ['no bytes at all', null, good],
    ['not of the schema', Buffer.from(JSON.stringify({ userId: user.userId, price: { amount: -1 } })), good],
    ['of an unknown type', valid, { ...good, ce_type: 'balance.double' }],
    ['no CloudEvent', valid, { 'content-type': 'application/json' }],
    ['of another saga than its id says', valid, { ...good, ce_sagaid: randomUUID() }],
    ['random bytes', Buffer.from(Array.from({ length: 1000 }, () => Math.floor(Math.random() * 256))), good],
  ];
  for (const [, value, headers] of poisons)
    await system.topics.produce('balance.commands', { key, value, headers });
  await system.topics.produce('saga.replies', { key, value: Buffer.from('nonsense'), headers: {} });

  expect((await user.pay(held.reservationId)).status).toBe(201);
  expect(await user.balance()).toBe(500_000 - held.price.amount);
  await eventually(() => {
    const letters = lettersOf(system.topics, 'balance.commands');
    expect(letters).toHaveLength(poisons.length);
    for (const [i, letter] of letters.entries()) {
      const [, value, headers] = poisons[i] as (typeof poisons)[number];
      expect(letter.raw.value).toEqual(value);
      expect(letter.raw.key).toEqual(key);
      expect(letter.headers).toMatchObject(headers);
      expect(letter.headers).toMatchObject({
        dlq_topic: 'balance.commands',
        dlq_partition: expect.stringMatching(/^\d+$/),
        dlq_offset: expect.stringMatching(/^\d+$/),
        dlq_timestamp: expect.stringMatching(/^\d+$/),
        dlq_group: 'balance',
        dlq_error_class: 'Poison',
        dlq_error_message: expect.stringMatching(/./),
        dlq_stack_hash: expect.stringMatching(/^[0-9a-f]{16}$/),
        dlq_attempts: '1',
      });
    }
    expect(lettersOf(system.topics, 'saga.replies')).toHaveLength(1);
  });
});
