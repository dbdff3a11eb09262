import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bugInLedger } from './support/bug.ts';
import { hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectUnlocked } from './support/locks.ts';
import { newOperator, type TestOperator } from './support/operator.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** Stuck sagas: what operators decide of them, and that nothing that comes late undoes it. */

let system: TestSystem;
let nextSeat: () => Seat;
let operator: TestOperator;

beforeAll(async () => {
  system = await startTestSystem('ops-sagas', {
    env: {
      SAGA_STEP_TIMEOUT_MS: '1500',
      SAGA_STEP_ATTEMPTS: '3',
      SAGA_UNDO_TIMEOUT_MS: '1500',
      SAGA_UNDO_ATTEMPTS: '1',
    },
  });
  [nextSeat, operator] = await Promise.all([system.seatSource(), newOperator(system.url)]);
});
afterAll(() => system.stop());

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Body = any;

const sagaOf = async (sagaId: string): Promise<Body> => (await operator.get(`/sagas/${sagaId}`)).body;
const until = (sagaId: string, status: string): Promise<Body> =>
  eventually(async () => {
    const saga = await sagaOf(sagaId);
    expect(saga.status).toBe(status);
    return saga;
  });
const decide = async (sagaId: string, decision: string, more: object = {}) => {
  const { version } = await sagaOf(sagaId);
  return operator.post(`/sagas/${sagaId}/${decision}`, { version, ...more });
};
const auditOf = async (sagaId: string): Promise<Body[]> =>
  (await operator.get(`/audit?subject=saga/${sagaId}`)).body.items;
const ledgerOf = async (userId: string): Promise<string[]> =>
  (await system.sql('select kind from balance.ledger where user_id = $1 order by entry_no', [userId])).map(
    ({ kind }) => kind,
  );

/**
 * Once nothing moves it any more. It is parked by the clock: another compensation may still be answered, and the refund be
 * tried, which would succeed if it were mended meanwhile.
 */
const parkedWithLetters = (sagaId: string, letters: number): Promise<Body> =>
  eventually(async () => {
    const saga = await sagaOf(sagaId);
    expect([saga.status, saga.waitingFor]).toEqual(['PARKED', ['balance.refund']]);
    expect(saga.letters).toHaveLength(letters);
    return saga;
  });

/** A payment that is parked, for its refund can't be done. */
async function parkedPayment() {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const bug = await bugInLedger(system, user.userId, 'refund');
  const queueToken = await user.queue({ reservationId: held.reservationId });
  const key = randomUUID();
  const { body } = await user.pay(held.reservationId, {
    queueToken,
    key,
    prefer: 'respond-async',
    fault: 'payment.create=reject',
  });
  const sagaId: string = body.sagaId;
  await parkedWithLetters(sagaId, 1);
  return { user, held, bug, sagaId, queueToken, key };
}

test('a parked saga is compensated again once its participant is mended, and lets its seat go', async () => {
  const { user, held, bug, sagaId } = await parkedPayment();
  const { body: locks } = await operator.get('/locks');
  const lock = locks.items.find(({ lockKey }: Body) => lockKey === `seat:${held.concertSeatId}`);
  expect(lock).toMatchObject({
    sagaId,
    sagaType: 'pay',
    sagaStatus: 'PARKED',
    since: expect.any(String),
    redis: { state: 'held', expiresInMs: expect.any(Number) },
  });
  expect((await operator.get('/overview')).body.sagas.parked).toBeGreaterThan(0);
  const { body: parked } = await operator.get('/sagas?status=PARKED');
  expect(parked.items.map((saga: Body) => saga.sagaId)).toContain(sagaId);
  const { body: examined } = await operator.get('/doctor');
  expect(examined.findings).toContainEqual(
    expect.objectContaining({ check: 'sagas:parked', status: 'warning', advice: expect.any(String) }),
  );

  // Not mended yet: it parks again, and keeps its seat.
  const tried = await decide(sagaId, 'retry');
  expect([tried.status, tried.body.status]).toEqual([200, 'COMPENSATING']);
  const again = await parkedWithLetters(sagaId, 2);
  expect(again.locked).toBe(true);
  expect(again.steps.find(({ name }: Body) => name === 'deduct-balance').undid.attempts).toBe(2);

  await bug.mend();
  const decided = await decide(sagaId, 'compensate', { reason: 'the ledger is mended' });
  expect([decided.status, decided.body.status]).toEqual([200, 'COMPENSATING']);
  expect((await until(sagaId, 'COMPENSATED')).locked).toBe(false);
  await expectUnlocked(system, held.concertSeatId);
  expect(await user.balance()).toBe(500_000);
  const [last, first] = await auditOf(sagaId);
  expect(first).toMatchObject({ action: 'saga.retry', outcome: 'done' });
  expect(last).toMatchObject({
    action: 'saga.compensate',
    operator: { operatorId: operator.operatorId, name: 'Ann' },
    reason: 'the ledger is mended',
    before: { status: 'PARKED', steps: { 'deduct-balance': 'UNDOING' } },
    after: { status: 'COMPENSATING' },
  });
  expect((await user.pay(held.reservationId)).status).toBe(201);
});

test('one that is settled by hand lets its seat go, and what comes late does nothing', async () => {
  const { user, held, bug, sagaId, queueToken, key } = await parkedPayment();
  expect((await decide(sagaId, 'settle')).body.code).toBe('validation');
  expect((await decide(sagaId, 'settle', { reason: 'short' })).body.code).toBe('validation');
  const reason = 'given back in cash at the box office, receipt 17';
  const settled = await decide(sagaId, 'settle', { reason });
  expect([settled.status, settled.body]).toEqual([
    200,
    expect.objectContaining({
      status: 'SETTLED',
      locked: false,
      possible: [],
      atStake: held.price,
      settlement: {
        by: { operatorId: operator.operatorId, name: 'Ann' },
        reason,
        at: expect.any(String),
        stands: ['deduct-balance'],
      },
    }),
  ]);
  expect(settled.body.steps.find(({ name }: Body) => name === 'deduct-balance')).toMatchObject({
    did: { outcome: 'DONE' },
    undid: { outcome: 'STANDS' },
  });
  await expectUnlocked(system, held.concertSeatId);
  expect((await auditOf(sagaId)).map(({ action, outcome }) => [action, outcome])).toEqual([
    ['saga.settle', 'done'],
    ['saga.settle', 'intended'],
  ]);

  // The refund that lies in the dead letters would now run, were it not closed.
  await bug.mend();
  const { body: letters } = await operator.get(`/dead-letters?sagaId=${sagaId}`);
  const [letter] = letters.items;
  const { body: shown } = await operator.get(`/dead-letters/${letter.letterId}`);
  expect(shown.judgement.verdict).toBe('already-done');
  await operator.post('/replays', { select: { letterIds: [letter.letterId] } });
  await eventually(() => {
    const answers = system.topics
      .ofSaga(sagaId)
      .filter(({ topic, data }) => topic === 'saga.replies' && data.effect === 'stands');
    expect(answers).not.toEqual([]);
  });
  expect(await ledgerOf(user.userId)).toEqual(['charge', 'deduct']);
  expect((await sagaOf(sagaId)).status).toBe('SETTLED');

  // Its client is told so, and another may work on the seat.
  expect((await user.call('GET', `/v1/sagas/${sagaId}`)).body.status).toBe('SETTLED');
  expect(await user.pay(held.reservationId, { queueToken, key })).toMatchObject({
    status: 409,
    body: { code: 'saga-settled', sagaId },
  });
  expect((await user.pay(held.reservationId, { queueToken })).status).toBe(201);
});

test('where nothing stands, settling it ends it as what it is', async () => {
  const { user, bug, sagaId } = await parkedPayment();
  await bug.mend();
  // The refund runs, and its answer is lost: the saga doesn't hear of it.
  const { body: letters } = await operator.get(`/dead-letters?sagaId=${sagaId}`);
  const headers = await eventually(() => {
    const sent = system.topics
      .ofSaga(sagaId)
      .find(({ topic, headers }) => topic === 'balance.commands' && headers.ce_sagaaction === 'undo');
    expect(sent).toBeDefined();
    return sent?.headers as Record<string, string>;
  });
  await system.topics.produce('balance.commands', {
    key: Buffer.from(user.userId),
    value: Buffer.from(JSON.stringify({ userId: user.userId })),
    headers: { ...headers, ce_fault: 'timeout-after' },
  });
  await eventually(async () => expect(await ledgerOf(user.userId)).toEqual(['charge', 'deduct', 'refund']));
  expect((await sagaOf(sagaId)).status).toBe('PARKED');
  const settled = await decide(sagaId, 'settle', { reason: 'the ledger shows the refund' });
  expect(settled.body).toMatchObject({ status: 'COMPENSATED', locked: false, settlement: { stands: [] } });
  expect(letters.items).toHaveLength(1);
});

test('a saga that a participant can’t be asked about isn’t settled', async () => {
  const { bug, sagaId } = await parkedPayment();
  const [balance] = system.services.balance;
  const pid = balance?.pid as number;
  process.kill(pid, 'SIGSTOP');
  try {
    const refused = await decide(sagaId, 'settle', { reason: 'the balance service is away' });
    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    const { body: letters } = await operator.get(`/dead-letters?sagaId=${sagaId}`);
    const { body: letter } = await operator.get(`/dead-letters/${letters.items[0].letterId}`);
    expect(letter.judgement.verdict).toBe('unknown');
    const saga = await sagaOf(sagaId);
    expect([saga.status, saga.possible]).toEqual(['PARKED', ['retry', 'compensate', 'settle']]);
    expect((await auditOf(sagaId)).map(({ outcome }) => outcome)).toEqual(['failed', 'intended']);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await bug.mend();
});

test('a decision about a saga that has moved, or has ended, is refused', async () => {
  const { bug, sagaId } = await parkedPayment();
  const { version } = await sagaOf(sagaId);
  const stale = await operator.post(`/sagas/${sagaId}/retry`, { version: version - 1 });
  expect([stale.status, stale.body.code]).toEqual([409, 'saga-moved']);
  await bug.mend();
  // Of two operators at once, one decides.
  const both = await Promise.all(
    ['retry', 'settle'].map((decision) =>
      operator.post(`/sagas/${sagaId}/${decision}`, { version, reason: 'both at once' }),
    ),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  await eventually(async () => {
    const saga = await sagaOf(sagaId);
    expect([saga.status, saga.locked]).toEqual([both[0]?.status === 200 ? 'COMPENSATED' : 'SETTLED', false]);
  });
  const over = await decide(sagaId, 'retry');
  expect([over.status, over.body.code]).toEqual([409, 'decision-impossible']);
});

test('a running saga’s step is given up, and all of it is undone', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const [payment] = system.services.payment;
  const pid = payment?.pid as number;
  process.kill(pid, 'SIGSTOP');
  let sagaId: string;
  try {
    const { body } = await user.pay(held.reservationId, { prefer: 'respond-async' });
    sagaId = body.sagaId;
    await eventually(async () =>
      expect((await sagaOf(sagaId)).waitingFor.join()).toMatch(/^payment\.create$/),
    );
    const saga = await sagaOf(sagaId);
    expect(saga).toMatchObject({ status: 'RUNNING', atStake: held.price, possible: ['retry', 'compensate'] });
    // Once more where the saga has sent its step again between the look and the decision.
    const given = await eventually(async () => {
      const decided = await decide(sagaId, 'compensate', { reason: 'the payment service is away' });
      expect(decided.status).toBe(200);
      return decided;
    });
    expect(given.body).toMatchObject({
      status: 'COMPENSATING',
      failure: { type: 'PaymentCreationFailed', outcome: 'unknown', code: 'given-up' },
    });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await eventually(async () => {
    const { status, locked } = await sagaOf(sagaId);
    if (status === 'PARKED') await decide(sagaId, 'retry');
    expect([status, locked]).toEqual(['COMPENSATED', false]);
  });
  expect(await user.balance()).toBe(500_000);
});
