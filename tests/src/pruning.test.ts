import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** Participants forget the commands of ended sagas; a topic that is read again from its beginning still does no harm. */

let system: TestSystem;
let nextSeat: () => Seat;

beforeAll(async () => {
  system = await startTestSystem('pruning', { env: { INBOX_RETENTION_MS: '1', PRUNE_EVERY_MS: '300' } });
  nextSeat = await system.seatSource();
});
afterAll(() => system.stop());

test('commands of a saga below the floor do nothing, though nobody remembers them', async () => {
  const user = await newUser(system.url, 900_000);
  const first = await hold(user, nextSeat());
  const { body } = await user.pay(first.reservationId);
  // The floor is below the oldest that is unfinished: a later saga has to end for this one's inbox rows to go.
  await user.pay((await hold(user, nextSeat())).reservationId);
  // By all of them, each of which forgets on its own: one that still remembers answers as it did.
  const remembered = async () => {
    const inboxes = ['token', 'reservation', 'balance', 'payment'];
    const of = (service: string) =>
      system.sql(`select 1 from ${service}.inbox where id like $1`, [`${body.sagaId}/%`]);
    return (await Promise.all(inboxes.map(of))).flat();
  };
  await eventually(async () => expect(await remembered()).toEqual([]));

  const balance = await user.balance();
  await system.topics.caughtUp();
  const commands = system.topics.ofSaga(body.sagaId).filter(({ topic }) => topic.endsWith('.commands'));
  expect(new Set(commands.map(({ headers }) => headers.ce_id)).size).toBe(7);
  for (const { topic, raw } of commands) await system.topics.produce(topic, raw);
  await eventually(() => {
    const late = system.topics
      .ofSaga(body.sagaId)
      .filter(({ topic, data }) => topic === 'saga.replies' && data.code === 'outdated');
    // All but the deletion, which nobody waits for, are acknowledged as such.
    expect(new Set(late.map(({ headers }) => headers.ce_type)).size).toBe(6);
  });
  expect(await user.balance()).toBe(balance);
  // The deletion, which nobody answers, was done again: it is forgotten again.
  await eventually(async () => expect(await remembered()).toEqual([]));
});

test('an unfinished saga keeps what the participants know of it', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const paying = await user.pay(held.reservationId, {
    fault: 'payment.create=timeout',
    prefer: 'respond-async',
  });
  const { sagaId } = paying.body;
  await eventually(async () =>
    expect(
      await system.sql('select 1 from balance.inbox where id like $1', [`${sagaId}/deduct-balance/do`]),
    ).toHaveLength(1),
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(
    await system.sql('select 1 from balance.inbox where id like $1', [`${sagaId}/deduct-balance/do`]),
  ).toHaveLength(1);
  await eventually(async () =>
    expect((await user.call('GET', `/v1/sagas/${sagaId}`)).body.status).toBe('COMPENSATED'),
  );
  expect(await user.balance()).toBe(500_000);
});
