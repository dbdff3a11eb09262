import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bugInLedger } from './support/bug.ts';
import { hold, newUser, type Seat, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { newOperator, type TestOperator } from './support/operator.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** Dead letters: found, understood, mended and replayed, and nothing made worse. */

let system: TestSystem;
let nextSeat: () => Seat;
let operator: TestOperator;
let viewer: TestOperator;

beforeAll(async () => {
  system = await startTestSystem('ops-letters', {
    env: {
      SAGA_STEP_TIMEOUT_MS: '5000',
      SAGA_STEP_ATTEMPTS: '1',
      SAGA_UNDO_TIMEOUT_MS: '1500',
      SAGA_UNDO_ATTEMPTS: '1',
    },
  });
  [nextSeat, operator, viewer] = await Promise.all([
    system.seatSource(),
    newOperator(system.url),
    newOperator(system.url, 'viewer'),
  ]);
});
afterAll(() => system.stop());

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Body = any;

const lettersOf = async (sagaId: string, status = ''): Promise<Body[]> => {
  const all = '&status=OPEN&status=QUEUED&status=REPLAYED&status=EDITED&status=FAILED_AGAIN&status=DISCARDED';
  const { body } = await operator.get(`/dead-letters?sagaId=${sagaId}${status || all}`);
  return body.items;
};
const letterOf = (sagaId: string): Promise<Body> =>
  eventually(async () => {
    const letters = await lettersOf(sagaId);
    expect(letters).toHaveLength(1);
    return letters[0];
  });
const sagaOf = async (sagaId: string): Promise<Body> => (await operator.get(`/sagas/${sagaId}`)).body;
const endedAs = (sagaId: string, status: string): Promise<Body> =>
  eventually(async () => {
    const saga = await sagaOf(sagaId);
    expect(saga.status).toBe(status);
    return saga;
  });
const verdictOn = async (letterId: number): Promise<string> =>
  (await operator.get(`/dead-letters/${letterId}`)).body.judgement.verdict;

/** Replays, and waits for the end. */
async function replay(body: object): Promise<Body> {
  const started = await operator.post('/replays', body);
  expect(started.status).toBe(201);
  return eventually(async () => {
    const { body: now } = await operator.get(`/replays/${started.body.replayId}`);
    expect(now.status).not.toBe('RUNNING');
    return now;
  });
}

/** A payment of which one command is in the dead letters. */
async function payWithBug(kind: 'deduct' | 'refund', fault?: string) {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const bug = await bugInLedger(system, user.userId, kind);
  const { body } = await user.pay(held.reservationId, { prefer: 'respond-async', ...(fault && { fault }) });
  return { user, held, bug, sagaId: body.sagaId as string };
}

test('from a failing compensation to the replayed letter and the end of its saga', async () => {
  const { user, held, bug, sagaId } = await payWithBug('refund', 'payment.create=reject');
  // Others of its compensations may be answered only after it was parked.
  await eventually(async () =>
    expect(await sagaOf(sagaId)).toMatchObject({
      status: 'PARKED',
      parkedAt: expect.any(String),
      parkedReason: expect.stringContaining('balance.refund'),
      waitingFor: ['balance.refund'],
      atStake: held.price,
      locked: true,
      possible: ['retry', 'compensate', 'settle'],
    }),
  );
  const letter = await letterOf(sagaId);
  expect(letter).toMatchObject({
    status: 'OPEN',
    topic: 'balance.commands',
    deadLetter: { topic: 'balance.commands.dlq' },
    key: user.userId,
    messageId: `${sagaId}/deduct-balance/undo`,
    type: 'balance.refund',
    step: 'deduct-balance',
    action: 'undo',
    consumerGroup: 'balance',
    error: { message: expect.stringContaining('a bug in the ledger') },
    attempts: 5,
    replays: 0,
  });
  expect(Date.parse(letter.lastFailure)).toBeGreaterThan(Date.parse(letter.firstFailure));

  const shown = (await operator.get(`/dead-letters/${letter.letterId}`)).body;
  expect(shown).toMatchObject({
    encoding: 'json',
    payload: { userId: user.userId },
    expected: { userId: user.userId },
    editable: true,
    judgement: { verdict: 'will-run', explanation: expect.stringContaining('parked') },
    headers: { ce_id: letter.messageId, traceparent: expect.stringMatching(/^00-/) },
  });
  const masked = await viewer.get(`/dead-letters/${letter.letterId}`);
  expect(masked.status).toBe(200);
  expect(JSON.stringify(masked.body)).not.toContain(user.userId);

  await bug.mend();
  const select = { letterIds: [letter.letterId] };
  expect((await viewer.post('/dead-letters/preview', { select })).body).toMatchObject({
    total: 1,
    examined: 1,
    skipped: 0,
    verdicts: { 'will-run': 1 },
  });
  expect(await replay({ select, reason: 'the ledger is mended' })).toMatchObject({
    status: 'DONE',
    total: 1,
    sent: 1,
    failedAgain: 0,
    startedBy: { operatorId: operator.operatorId, name: 'Ann' },
    reason: 'the ledger is mended',
  });
  const ended = await endedAs(sagaId, 'COMPENSATED');
  expect(ended.locked).toBe(false);
  expect(ended.timeline.map(({ kind }: Body) => kind)).toEqual(
    expect.arrayContaining(['begin', 'command', 'reply', 'dead-letter', 'end']),
  );
  expect(await user.balance()).toBe(500_000);

  // Twice does no harm, and the operator is told so before.
  expect(await verdictOn(letter.letterId)).toBe('already-done');
  expect(await replay({ select })).toMatchObject({ status: 'DONE', sent: 1 });
  await eventually(() => {
    const answers = system.topics
      .ofSaga(sagaId)
      .filter(
        ({ topic, headers }) => topic === 'saga.replies' && headers.ce_id === `${letter.messageId}/reply`,
      );
    expect(answers.length).toBeGreaterThanOrEqual(2);
  });
  expect(await user.balance()).toBe(500_000);
  expect(await lettersOf(sagaId)).toMatchObject([{ status: 'REPLAYED', closedBy: { name: 'Ann' } }]);
});

test('what was compensated since does nothing when it is replayed', async () => {
  const { user, bug, sagaId } = await payWithBug('deduct');
  await endedAs(sagaId, 'COMPENSATED');
  const letter = await letterOf(sagaId);
  await bug.mend();
  expect(await verdictOn(letter.letterId)).toBe('cancelled-since');
  expect(await replay({ select: { letterIds: [letter.letterId] } })).toMatchObject({ sent: 1 });
  await eventually(() => {
    const again = system.topics.seen.find(({ headers }) => headers.dlq_letter === String(letter.letterId));
    expect(again).toMatchObject({ key: user.userId, headers: { ce_id: letter.messageId, dlq_replays: '1' } });
  });
  // Behind it on its partition.
  expect((await user.pay((await hold(user, nextSeat())).reservationId)).status).toBe(201);
  expect(
    await system.sql(`select kind from balance.ledger where command_id = $1`, [letter.messageId]),
  ).toEqual([]);
});

test('letters of the same error are one group, and are listed, previewed and given up together', async () => {
  const [first, second] = await Promise.all([payWithBug('deduct'), payWithBug('deduct')]);
  const letters = await Promise.all([letterOf(first.sagaId), letterOf(second.sagaId)]);
  const [group] = new Set(letters.map(({ errorGroup }) => errorGroup));
  expect(letters[1].errorGroup).toBe(group);
  const { body: groups } = await viewer.get('/dead-letters/groups?topic=balance.commands');
  const found = groups.items.find(({ errorGroup }: Body) => errorGroup === group);
  expect(found).toMatchObject({
    topic: 'balance.commands',
    consumerGroup: 'balance',
    error: { message: expect.stringContaining('a bug in the ledger') },
    types: expect.arrayContaining(['balance.deduct']),
  });
  expect(found.count).toBeGreaterThanOrEqual(2);
  const ids = letters.map(({ letterId }) => letterId).sort((a, b) => a - b);
  const page = (await operator.get(`/dead-letters?errorGroup=${group}&order=oldest&limit=1`)).body;
  const rest = await operator.get(`/dead-letters?errorGroup=${group}&order=oldest&cursor=${page.nextCursor}`);
  const listed = [...page.items, ...rest.body.items].map(({ letterId }: Body) => letterId);
  expect(listed).toEqual(expect.arrayContaining(ids));
  expect(new Set(listed).size).toBe(found.count);
  const since = letters[0].lastFailure;
  const earlier = await operator.get(`/dead-letters?errorGroup=${group}&until=${encodeURIComponent(since)}`);
  expect(earlier.body.items.map(({ letterId }: Body) => letterId)).not.toContain(letters[0].letterId);

  const select = { errorGroup: group };
  const given = await operator.post('/dead-letters/discard', {
    select,
    reason: 'their sagas are compensated',
  });
  expect(given.body).toEqual({ discarded: found.count, skipped: 0 });
  expect(await lettersOf(first.sagaId)).toMatchObject([
    { status: 'DISCARDED', closedReason: 'their sagas are compensated', closedBy: { name: 'Ann' } },
  ]);
  expect((await operator.post('/dead-letters/preview', { select })).body).toMatchObject({ total: 0 });
  const { body: audit } = await operator.get('/audit?subject=letters');
  expect(audit.items[0]).toMatchObject({
    action: 'letter.discard',
    reason: 'their sagas are compensated',
    operator: { operatorId: operator.operatorId },
    outcome: 'done',
    after: { discarded: found.count },
  });
  await Promise.all([first.bug.mend(), second.bug.mend()]);
});

/** A command to balance of no saga of ours, in which something may be wrong. */
async function produceCommand(user: User, payload: unknown, sagaId = randomUUID()): Promise<string> {
  await system.topics.produce('balance.commands', {
    key: Buffer.from(user.userId),
    value: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ce_specversion: '1.0',
      ce_id: `${sagaId}/deduct-balance/do`,
      ce_type: 'balance.deduct',
      ce_source: '/holdfast/orchestrator',
      ce_time: new Date().toISOString(),
      ce_sagaid: sagaId,
      ce_sagano: '1000000',
      ce_sagastep: 'deduct-balance',
      ce_sagaaction: 'do',
    },
  });
  return sagaId;
}

test('one that nobody can read is edited: checked against its schema, and sent in the old one’s place', async () => {
  const user = await newUser(system.url, 1_000);
  const sagaId = await produceCommand(user, {
    userId: user.userId,
    price: { amount: -100, currency: 'KRW' },
  });
  const { letterId } = await letterOf(sagaId);
  const shown = (await operator.get(`/dead-letters/${letterId}`)).body;
  expect(shown).toMatchObject({ judgement: { verdict: 'unreadable' }, editable: true, attempts: 1 });
  expect(shown.schema.properties).toHaveProperty('price');

  const edit = (payload: unknown, more = {}) =>
    operator.post(`/dead-letters/${letterId}/edit`, { payload, reason: 'the sign was wrong', ...more });
  const price = { amount: 100, currency: 'KRW' };
  expect(await edit({ userId: user.userId, price: { amount: 'much' } })).toMatchObject({
    status: 400,
    body: { code: 'validation', errors: expect.any(Array) },
  });
  expect((await edit({ userId: randomUUID(), price })).body.code).toBe('validation');
  expect((await edit({ userId: user.userId, price }, { dryRun: true })).body.status).toBe('OPEN');
  expect(await user.balance()).toBe(1_000);

  expect((await edit({ userId: user.userId, price })).body).toMatchObject({ letterId, status: 'EDITED' });
  await eventually(async () => expect(await user.balance()).toBe(900));
  await system.topics.caughtUp();
  const sent = system.topics.seen.find(({ headers }) => headers.dlq_replaces === String(letterId));
  // The same id: whichever of the two comes first runs, and a tombstone holds for both.
  expect(sent?.headers).toMatchObject({ ce_id: `${sagaId}/deduct-balance/do`, dlq_replays: '1' });
  expect((await edit({ userId: user.userId, price })).body.code).toBe('letter-closed');
  const { body: audit } = await operator.get(`/audit?subject=letter/${letterId}`);
  expect(audit.items.map(({ action, outcome }: Body) => [action, outcome])).toEqual([
    ['letter.edit', 'done'],
    ['letter.edit', 'intended'],
  ]);
  expect(JSON.stringify(audit.items)).not.toContain(user.userId);
});

test("an edit can't make a command say what its saga wouldn't, nor a reply what a participant didn't", async () => {
  const { user, held, bug, sagaId } = await payWithBug('deduct');
  const { letterId } = await letterOf(sagaId);
  const edit = (amount: number) =>
    operator.post(`/dead-letters/${letterId}/edit`, {
      payload: {
        userId: user.userId,
        price: { ...held.price, amount },
        reservationId: held.reservationId,
      },
    });
  expect(await edit(1)).toMatchObject({
    status: 409,
    body: { code: 'edit-contradicts-saga', expected: { userId: user.userId, price: held.price } },
  });
  await bug.mend();
  expect((await edit(held.price.amount)).status).toBe(200);

  await system.topics.produce('saga.replies', {
    key: Buffer.from(sagaId),
    value: Buffer.from('nonsense'),
    headers: { ce_sagaid: sagaId },
  });
  const letter = await eventually(async () => {
    const found = (await lettersOf(sagaId)).find(({ topic }) => topic === 'saga.replies');
    expect(found).toBeDefined();
    return found;
  });
  expect((await operator.post(`/dead-letters/${letter.letterId}/edit`, { payload: {} })).body.code).toBe(
    'letter-not-editable',
  );
});

test('a replay stops when letters fail again, and each is linked to the one that it came from', async () => {
  const user = await newUser(system.url, 1_000);
  const broken = { userId: user.userId, price: { amount: -1, currency: 'KRW' } };
  const sagaIds = await Promise.all(Array.from({ length: 12 }, () => produceCommand(user, broken)));
  const letters = await Promise.all(sagaIds.map(letterOf));
  const letterIds = letters.map(({ letterId }) => letterId);
  const stopped = await replay({ select: { letterIds }, rate: 1_000, stopAfter: 3 });
  // The first few went ahead alone.
  expect(stopped).toMatchObject({
    status: 'STOPPED',
    total: 12,
    sent: 5,
    stoppedBecause: expect.stringContaining('failed again'),
  });
  // Three have stopped it: the others of the five may come back a little later.
  const after = await eventually(async () => {
    const letters = (await Promise.all(sagaIds.map((sagaId) => lettersOf(sagaId)))).flat();
    expect(letters.filter(({ status }) => status === 'FAILED_AGAIN')).toHaveLength(5);
    return letters;
  });
  expect((await operator.get(`/replays/${stopped.replayId}`)).body.failedAgain).toBe(5);
  const failed = after.filter(({ status }) => status === 'FAILED_AGAIN');
  for (const old of failed) {
    const successor = after.find(({ letterId }) => letterId === old.successor);
    expect(successor).toMatchObject({ status: 'OPEN', predecessor: old.letterId, replays: 1 });
  }
  expect(after.filter(({ status }) => status === 'OPEN')).toHaveLength(12);
  const [first] = after.filter(({ status }) => status === 'OPEN');
  await operator.post('/dead-letters/discard', {
    select: { errorGroup: first.errorGroup },
    reason: 'nobody asked for them',
  });
});

test('a replay that an operator stops leaves open what it has not sent', async () => {
  const user = await newUser(system.url, 1_000);
  // More than it sends, one a second, before the stop comes.
  const total = 20;
  const sagaIds = await Promise.all(Array.from({ length: total }, () => produceCommand(user, 'no JSON')));
  const letters = await Promise.all(sagaIds.map(letterOf));
  const select = { letterIds: letters.map(({ letterId }) => letterId) };
  const { body: started } = await operator.post('/replays', { select, rate: 1, stopAfter: 100 });
  await eventually(async () =>
    expect((await operator.get(`/replays/${started.replayId}`)).body.sent).toBeGreaterThanOrEqual(5),
  );
  const stopped = await operator.post(`/replays/${started.replayId}/stop`, { reason: 'the wrong ones' });
  expect(stopped.body).toMatchObject({ status: 'STOPPED', stoppedBecause: 'the wrong ones', total });
  const after = await Promise.all(
    select.letterIds.map(async (id) => (await operator.get(`/dead-letters/${id}`)).body),
  );
  expect(after.filter(({ status }) => status === 'OPEN')).toHaveLength(total - stopped.body.sent);
  const { body: listed } = await operator.get('/replays?status=STOPPED&limit=1');
  expect(listed.items[0].replayId).toBe(started.replayId);
  await operator.post('/dead-letters/discard', { select: { topic: 'balance.commands' }, reason: 'no use' });
});

test('a letter that its topic has no room for any more stays open, and its replay ends', async () => {
  const user = await newUser(system.url, 1_000);
  const record = (bytes: number) => ({
    key: Buffer.from(user.userId),
    value: Buffer.alloc(bytes, 'x'),
    headers: { ce_sagaid: randomUUID() },
  });
  // The largest that the topic takes, to less than what a replay adds.
  let largest = record(1_048_200);
  for (let bytes = 1_048_200; ; bytes += 20) {
    const larger = record(bytes);
    const taken = await system.topics.produce('balance.commands', larger).then(
      () => true,
      () => false,
    );
    if (!taken) break;
    largest = larger;
  }
  const letter = await letterOf(largest.headers.ce_sagaid);
  expect(letter.bytes).toBe(largest.value.length);
  expect(await replay({ select: { letterIds: [letter.letterId] } })).toMatchObject({
    status: 'DONE',
    total: 1,
    sent: 0,
  });
  expect(await lettersOf(largest.headers.ce_sagaid)).toMatchObject([{ status: 'OPEN' }]);
  await operator.post('/dead-letters/discard', { select: { topic: 'balance.commands' }, reason: 'no use' });
});

test('one that goes in circles is left out in the end', async () => {
  const user = await newUser(system.url, 1_000);
  const sagaId = await produceCommand(user, 'no JSON');
  for (let replays = 0; replays < 10; replays++) {
    const open = await eventually(async () => {
      const letter = (await lettersOf(sagaId)).find(({ status }) => status === 'OPEN');
      expect(letter?.replays).toBe(replays);
      return letter;
    });
    await replay({ select: { letterIds: [open.letterId] } });
  }
  const last = await eventually(async () => {
    const letter = (await lettersOf(sagaId)).find(({ status }) => status === 'OPEN');
    expect(letter?.replays).toBe(10);
    return letter;
  });
  const select = { letterIds: [last.letterId] };
  expect(await replay({ select })).toMatchObject({ status: 'DONE', total: 0, skipped: 1, sent: 0 });
});

test('letters go out byte for byte and come in again; what is known is left as it is', async () => {
  const user = await newUser(system.url, 1_000);
  const bytes = Buffer.from([0, 255, 254, 10, 13, 34]);
  const sagaId = randomUUID();
  await system.topics.produce('balance.commands', {
    key: Buffer.from(user.userId),
    value: bytes,
    headers: { ce_sagaid: sagaId, odd: 'ü' },
  });
  const letter = await letterOf(sagaId);
  expect((await operator.get(`/dead-letters/${letter.letterId}`)).body).toMatchObject({
    encoding: 'base64',
    payload: bytes.toString('base64'),
    editable: false,
  });
  expect((await viewer.get(`/dead-letters/${letter.letterId}`)).body).not.toHaveProperty('payload');

  const response = await fetch(`${system.url}/ops/v1/dead-letters/export`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operator.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ select: { letterIds: [letter.letterId] } }),
  });
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const [line = '', ...more] = (await response.text()).trim().split('\n');
  expect(more).toEqual([]);
  const exported = JSON.parse(line);
  expect(Buffer.from(exported.value, 'base64')).toEqual(bytes);

  const imported = (letters: unknown[]) => operator.post('/dead-letters/import', { letters });
  expect((await imported([exported])).body).toEqual({ imported: 0, known: 1 });
  // From another installation: its message lay elsewhere.
  const other = {
    ...exported,
    headers: { ...exported.headers, dlq_offset: Buffer.from('987654321').toString('base64') },
  };
  expect((await imported([exported, other])).body).toEqual({ imported: 1, known: 1 });
  const letters = await eventually(async () => {
    const found = await lettersOf(sagaId);
    expect(found).toHaveLength(2);
    return found;
  });
  expect(letters.map(({ offset }) => offset)).toContain('987654321');
  await system.topics.caughtUp();
  const copy = system.topics.seen.find(
    ({ topic, headers }) => topic === 'balance.commands.dlq' && headers.dlq_offset === '987654321',
  );
  expect(copy?.raw.value).toEqual(bytes);
  expect(copy?.headers).toMatchObject({ odd: 'ü', dlq_error_class: 'Poison' });
  expect((await imported([{ ...exported, topic: 'balance.commands' }])).body.code).toBe('validation');
});

test('every change is on the audit topic as well: who, when, what, why, before and after', async () => {
  const { body } = await operator.get('/audit?limit=500');
  expect(body.items.length).toBeGreaterThan(5);
  await eventually(() => {
    const told = system.topics.seen.filter(({ topic }) => topic === 'ops.audit');
    const byId = new Map(told.map(({ headers, data, key }) => [headers.ce_id, { data, key }]));
    for (const entry of body.items)
      expect(byId.get(`audit/${entry.auditId}`)).toEqual({ data: entry, key: entry.subject });
  });
});
