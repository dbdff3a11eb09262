import { randomUUID } from 'node:crypto';
import { deduct, loadBalance, loadUser, refund } from '@holdfast/shared/contracts/balance';
import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import { inTransaction, query } from '@holdfast/shared/database/query';
import { decode, type OutgoingRecord } from '@holdfast/shared/messaging/cloud-event';
import { encodeCommand, encodeFloor } from '@holdfast/shared/messaging/protocol';
import { relayOutbox } from '@holdfast/shared/outbox/outbox';
import { createLogger } from '@holdfast/shared/process/logger';
import { type TestSaga, todo, undo } from '@holdfast/shared/testing/commands';
import { eventually } from '@holdfast/shared/testing/eventually';
import { type Stage, stage } from '@holdfast/shared/testing/participant';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { balanceParticipant } from './participant.ts';
import { migrations } from './schema.ts';
import { stateOf } from './state.ts';
import { balanceOf, movesOf, openAccount, unbalanced } from './testing/accounts.ts';
import { buildApi, call } from './testing/api.ts';
import { apply, krw } from './testing/batch.ts';

let on: Stage;
let sagas = 1_000;
const nextSaga = (): TestSaga => ({ sagaId: randomUUID(), sagaNo: ++sagas });

const take = (userId: string, amount: number, by: TestSaga) =>
  todo(deduct, { userId, price: krw(amount) }, by);
const giveBack = (userId: string, by: TestSaga) => undo(refund, { userId }, by);

const done = (balance: number) => ({ outcome: 'done', result: { balance: krw(balance) } });
const undone = { outcome: 'done', result: {}, effect: 'undone' };
const nothing = { outcome: 'done', result: {}, effect: 'none' };

describe('the balance service', () => {
  beforeAll(async () => {
    on = await stage(balanceParticipant, migrations);
  });
  afterAll(async () => {
    expect(await unbalanced(on.db)).toEqual([]);
    await on.stop();
  });

  test('finds the user, looks at the balance, deducts and refunds', async () => {
    const { db, orchestrator } = on;
    const userId = await openAccount(db, 1_000);
    const by = nextSaga();
    const looks = [
      todo(loadUser, { userId }, by),
      todo(loadBalance, { userId, price: krw(300) }, nextSaga()),
    ];
    expect(await orchestrator.ask(looks)).toEqual([{ outcome: 'done', result: {} }, done(1_000)]);
    const acts = nextSaga();
    expect(await orchestrator.ask([take(userId, 300, acts)])).toEqual([done(700)]);
    expect(await orchestrator.ask([giveBack(userId, acts)])).toEqual([undone]);
    expect(await movesOf(db, userId)).toEqual([
      ['charge', 1_000, 1_000],
      ['deduct', 300, 700],
      ['refund', 300, 1_000],
    ]);
  });

  test('refuses what is too much, in another currency, or from nobody', async () => {
    const userId = await openAccount(on.db, 100);
    const inEuro = todo(deduct, { userId, price: { amount: 1, currency: 'EUR' } }, nextSaga());
    const refused = [take(userId, 101, nextSaga()), inEuro, take(randomUUID(), 1, nextSaga())];
    expect(await on.orchestrator.ask(refused)).toMatchObject([
      { code: 'insufficient-balance' },
      { code: 'currency-mismatch' },
      { code: 'user-not-found' },
    ]);
    expect(await balanceOf(on.db, userId)).toBe(100);
  });

  test('does a command once, however often it comes and however late', async () => {
    const { db, orchestrator, events } = on;
    const userId = await openAccount(db, 1_000);
    const by = nextSaga();
    const command = take(userId, 300, by);
    expect(await orchestrator.ask(Array(10).fill(command))).toEqual(Array(10).fill(done(700)));
    expect(await orchestrator.ask(Array(10).fill(giveBack(userId, by)))).toEqual(Array(10).fill(undone));
    // Long after it was undone, the action gives its old answer and takes nothing.
    expect(await orchestrator.ask(Array(10).fill(command))).toEqual(Array(10).fill(done(700)));
    expect(await balanceOf(db, userId)).toBe(1_000);

    // The events come again with each copy, under the ids that tell subscribers so.
    const ids = () =>
      events().flatMap(({ headers }) =>
        String(headers.ce_id).startsWith(by.sagaId) ? [String(headers.ce_id)] : [],
      );
    await eventually('the events', () => new Set(ids()).size >= 2);
    expect(new Set(ids())).toEqual(
      new Set([`${command.id}/balance.deducted`, `${giveBack(userId, by).id}/balance.refunded`]),
    );
  });

  test('never deducts what was refunded before', async () => {
    const userId = await openAccount(on.db, 1_000);
    const by = nextSaga();
    expect(await on.orchestrator.ask([giveBack(userId, by)])).toEqual([nothing]);
    // Nobody answers it; that what follows on its partition is answered shows that it has been passed.
    await on.orchestrator.tell([take(userId, 300, by)]);
    expect(await on.orchestrator.ask([giveBack(userId, by)])).toEqual([nothing]);
    expect(await movesOf(on.db, userId)).toEqual([['charge', 1_000, 1_000]]);
  });

  test('lets a crowd spend a balance to the last unit, and not below', async () => {
    const userId = await openAccount(on.db, 1_000);
    const crowd = Array.from({ length: 150 }, () => take(userId, 10, nextSaga()));
    const replies = await on.orchestrator.ask(crowd);
    expect(replies.filter(({ outcome }) => outcome === 'done')).toHaveLength(100);
    expect(await balanceOf(on.db, userId)).toBe(0);
  });

  test('says what it did to whoever subscribes', async () => {
    const userId = await openAccount(on.db, 500);
    await on.orchestrator.ask([{ ...take(userId, 200, nextSaga()), traceparent }]);
    const [event] = await eventually('the event', () => {
      const found = on.events().filter(({ key }) => String(key) === userId);
      return found.length > 0 && found.map(decode);
    });
    expect(event).toMatchObject({
      type: 'balance.deducted',
      subject: userId,
      traceparent,
      data: { userId, money: krw(200), balance: krw(300) },
    });
  });

  test('says that a charge was made, by way of the outbox', async () => {
    const { db, kafka } = on;
    const userId = await openAccount(db, 0);
    const outbox = relayOutbox('balance', {
      db,
      kafka,
      log: createLogger({ service: 'test', level: 'silent' }),
    });
    const app = await buildApi(db, {}, outbox.wake);
    const { body } = await call(app, 'POST', '/v1/balance/charges', { userId, key: 'k', body: krw(70) });
    const event = await eventually('the event', () => on.events().find(({ key }) => String(key) === userId));
    expect(decode(event)).toMatchObject({
      type: 'balance.charged',
      data: { userId, entryId: body.chargeId, money: krw(70), balance: krw(70) },
    });
    await app.close();
    await outbox.stop();
    expect(await query(db, 'select from outbox')).toEqual([]);
  });

  test('passes over poison in the middle of a batch, which the dead letters keep byte for byte', async () => {
    const { db, kafka, orchestrator } = on;
    const userId = await openAccount(db, 1_000);
    const [first, last] = [take(userId, 100, nextSaga()), take(userId, 20, nextSaga())];
    const record = encodeCommand(deduct, first);
    const poison: OutgoingRecord[] = [
      { ...record, value: '{"userId":' },
      { ...record, value: null },
      { ...record, value: JSON.stringify({ userId, price: krw(-100) }) },
      { ...record, headers: { ...record.headers, ce_type: 'balance.give-away' } },
      { ...record, headers: { ...record.headers, ce_sagaid: randomUUID() } },
    ];
    await kafka.publish([record, ...poison, encodeCommand(deduct, last)]);
    expect(await orchestrator.ask([first, last])).toEqual([done(900), done(880)]);

    const letters = await eventually('the dead letters', () => {
      const found = on.deadLetters().filter(({ key }) => String(key) === userId);
      return found.length === poison.length && found;
    });
    for (const [i, { value, headers }] of letters.entries()) {
      expect(value?.toString() ?? null).toBe(poison[i]?.value);
      expect(textOf(headers)).toMatchObject({
        ...poison[i]?.headers,
        dlq_topic: 'balance.commands',
        dlq_error_class: 'Poison',
        dlq_attempts: '1',
      });
    }
  });

  test('passes over a command that fails whenever it is tried, and can do it once it is put right', async () => {
    const { db, orchestrator } = on;
    const [userId, someoneElse] = [await openAccount(db, 1_000), await openAccount(db, 0)];
    const by = nextSaga();
    await orchestrator.ask([take(userId, 300, by)]);

    const before = take(someoneElse, 0, nextSaga());
    const after = take(someoneElse, 0, nextSaga());
    // The refund goes to the other's account, so that it has no business with this one's ledger entry.
    await orchestrator.tell([before, giveBack(someoneElse, by), after]);
    expect(await orchestrator.ask([after])).toEqual([done(0)]);
    const letter = await eventually('the dead letter', () =>
      on.deadLetters().find(({ key }) => String(key) === someoneElse),
    );
    expect(textOf(letter.headers)).toMatchObject({ dlq_attempts: '5', ce_id: giveBack(userId, by).id });
    expect(await balanceOf(db, someoneElse)).toBe(0);

    expect(await orchestrator.ask([giveBack(userId, by)])).toEqual([undone]);
    expect(await balanceOf(db, userId)).toBe(1_000);
  });

  test('does nothing for a saga that ended long ago, though its inbox rows are gone', async () => {
    const { db, kafka, orchestrator } = on;
    const userId = await openAccount(db, 1_000);
    const [old, live] = [
      { sagaId: randomUUID(), sagaNo: 1 },
      { sagaId: randomUUID(), sagaNo: 1_000 },
    ];
    await orchestrator.ask([take(userId, 300, old), take(userId, 20, live)]);
    await kafka.publish([encodeFloor('balance', 1_000)]);
    await eventually('the inbox pruned', async () => (await inboxOf(old)).length === 0);

    expect(await orchestrator.ask([take(userId, 300, old), giveBack(userId, old)])).toMatchObject([
      { code: 'outdated' },
      { code: 'outdated' },
    ]);
    expect(await orchestrator.ask([take(userId, 20, live)])).toEqual([done(680)]);
    expect(await balanceOf(db, userId)).toBe(680);
  });

  test('has the database itself refuse a balance below zero and a second entry for a command', async () => {
    const userId = await openAccount(on.db, 10);
    const overdraw = query(on.db, 'update account set balance = -1 where user_id = ?', [userId]);
    await expect(overdraw).rejects.toMatchObject({ code: '23514' });
    const { id } = take(userId, 1, nextSaga());
    const enterTwice = inTransaction(on.db, (tx) =>
      query(
        tx,
        `insert into ledger (entry_id, user_id, entry_no, kind, debit_account, credit_account, amount, currency,
                             balance_after, command_id)
         select gen_random_uuid(), ?::uuid, entry_no, 'deduct', 'user', 'sales', 1, 'KRW', 9, ?
         from generate_series(2, 3) as entry_no`,
        [userId, id],
      ),
    );
    await expect(enterTwice).rejects.toMatchObject({ code: '23505', constraint: 'ledger_command_id_key' });
  });
});

describe('instances that handle the same records at once', () => {
  beforeAll(async () => {
    on = await stage(balanceParticipant, migrations, { zombie: true });
  });
  afterAll(() => on.stop());

  test('move the money once, to the unit', async () => {
    const { db, orchestrator } = on;
    const userIds = await Promise.all(Array.from({ length: 8 }, () => openAccount(db, 3_000)));
    const commands = history(userIds, 240);
    for (const chunk of chunks(commands, 60)) await orchestrator.tell(chunk);
    await orchestrator.heard(commands, 2);

    // One after the other in memory: what Kafka's order for each user says has to come out.
    const accounts = userIds.map((userId) => ({ userId, currency: 'KRW', balance: 3_000, entries: 1 }));
    const expected = stateOf(accounts, []);
    apply(expected, commands);
    for (const [userId, { balance }] of expected.accounts) expect(await balanceOf(db, userId)).toBe(balance);
    expect(await unbalanced(db)).toEqual([]);
    const entries = await query<{ command_id: string }>(
      db,
      'select command_id from ledger where command_id is not null',
    );
    expect(entries.map(({ command_id }) => command_id).toSorted()).toEqual(
      [...expected.entries.keys()].toSorted(),
    );
    expect(on.deadLetters()).toEqual([]);
  });
});

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Deductions of several users in turn; some are refunded a little later, some come again much later. */
function history(userIds: readonly string[], length: number): CommandMessage[] {
  const acts = Array.from({ length }, (_, i) => ({
    userId: userIds[i % userIds.length] as string,
    amount: ((i * 37) % 400) + 1,
    by: nextSaga(),
  }));
  return acts.flatMap(({ userId, amount, by }, i) => {
    const [recent, old] = [acts[i - 16], acts[i - 80]];
    return [
      take(userId, amount, by),
      ...(recent && i % 3 === 0 ? [giveBack(recent.userId, recent.by)] : []),
      ...(old && i % 5 === 0 ? [take(old.userId, old.amount, old.by)] : []),
    ];
  });
}

const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

const textOf = (headers: object) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

const inboxOf = ({ sagaId }: TestSaga) =>
  query(on.db, 'select id from inbox where id like ?', [`${sagaId}/%`]);
