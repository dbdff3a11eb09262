import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, hold, newUser, type Seat } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { newOperator, type TestOperator } from './support/operator.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** What operators get to see, and who gets to see it. */

let system: TestSystem;
let nextSeat: () => Seat;
let operator: TestOperator;
let viewer: TestOperator;

beforeAll(async () => {
  system = await startTestSystem('ops-reads');
  [nextSeat, operator, viewer] = await Promise.all([
    system.seatSource(),
    newOperator(system.url),
    newOperator(system.url, 'viewer'),
  ]);
});
afterAll(() => system.stop());

const id = '00000000-0000-7000-8000-000000000000';
const reads = [
  '/me',
  '/overview',
  '/overview/events',
  '/doctor',
  '/sagas',
  `/sagas/${id}`,
  '/locks',
  '/ledger/checks',
  '/dead-letters',
  '/dead-letters/groups',
  '/dead-letters/1',
  '/replays',
  '/replays/1',
  '/audit',
];
const select = { topic: 'balance.commands' };
const changes: [string, object][] = [
  [`/sagas/${id}/retry`, { version: 1 }],
  [`/sagas/${id}/compensate`, { version: 1 }],
  [`/sagas/${id}/settle`, { version: 1, reason: 'it is in order' }],
  ['/dead-letters/1/edit', { payload: {} }],
  ['/dead-letters/discard', { select, reason: 'gone' }],
  ['/dead-letters/export', { select }],
  [
    '/dead-letters/import',
    { letters: [{ topic: 'balance.commands.dlq', key: null, value: null, headers: {} }] },
  ],
  ['/replays', { select }],
  ['/ledger/checks', {}],
  ['/replays/1/stop', {}],
];

test("nobody without a token gets in, and a user's token is not enough", async () => {
  const user = await newUser(system.url, 0);
  const all: [string, string, object?][] = [
    ...reads.map((path) => ['GET', path] as [string, string]),
    ['POST', '/dead-letters/preview', { select }],
    ...changes.map(([path, body]) => ['POST', path, body] as [string, string, object]),
  ];
  for (const [method, path, body] of all) {
    const options = body === undefined ? {} : { body };
    const where = `${method} ${path}`;
    const anonymous = await call(system.url, method, `/ops/v1${path}`, options);
    expect([where, anonymous.status, anonymous.body.code]).toEqual([where, 401, 'unauthenticated']);
    const refused = await user.call(method, `/ops/v1${path}`, options);
    expect([where, refused.status, refused.body.code]).toEqual([where, 403, 'forbidden']);
  }
});

test('a viewer changes nothing', async () => {
  for (const [path, body] of changes) {
    const refused = await viewer.post(path, body);
    expect([path, refused.status, refused.body.code]).toEqual([path, 403, 'forbidden']);
  }
  expect((await operator.get('/audit')).body.items).toEqual([]);
});

test('participants answer operators only, and close steps only for those who may change something', async () => {
  const user = await newUser(system.url, 0);
  const closure = { sagaId: id, sagaNo: 1, steps: ['deduct-balance'] };
  for (const service of ['reservation', 'payment', 'balance', 'token'] as const) {
    const url = system.services[service][0]?.url ?? '';
    const asked = async (accessToken: string, path: string, body?: object) =>
      (await call(url, body ? 'POST' : 'GET', `/ops/v1${path}`, { accessToken, body })).status;
    expect(await asked(user.accessToken, '/condition')).toBe(403);
    expect(await asked(user.accessToken, '/verdicts', { commands: [] })).toBe(403);
    expect(await asked(viewer.accessToken, '/verdicts', { commands: [] })).toBe(200);
    expect(await asked(viewer.accessToken, '/closures', closure)).toBe(403);
  }
});

test('says who is asking', async () => {
  expect((await viewer.get('/me')).body).toEqual({
    operatorId: viewer.operatorId,
    name: 'Ann',
    role: 'viewer',
  });
  expect((await operator.get('/me')).body.role).toBe('operator');
});

test('a saga is shown with each of its messages; what is personal only to an operator', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  const paid = await user.pay(held.reservationId);
  const path = `/sagas/${paid.body.sagaId}`;
  const saga = await eventually(async () => {
    const { status, body } = await operator.get(path);
    expect([status, body.status]).toEqual([200, 'COMPLETED']);
    return body;
  });
  expect(saga).toMatchObject({
    type: 'pay',
    userId: user.userId,
    lockKeys: [`seat:${held.concertSeatId}`],
    locked: false,
    waitingFor: [],
    possible: [],
    letters: [],
    context: { price: held.price },
  });
  expect(saga).not.toHaveProperty('atStake');
  expect(saga.steps.map(({ name, did }: never) => [name, (did as { outcome: string }).outcome])).toEqual([
    ['verify-token', 'DONE'],
    ['load-reservation', 'DONE'],
    ['load-balance', 'DONE'],
    ['deduct-balance', 'DONE'],
    ['create-payment', 'DONE'],
    ['confirm-reservation', 'DONE'],
  ]);
  const lines = saga.timeline.map(({ kind, from, to, type }: never) => [kind, from, to, type]);
  expect(lines[0]).toEqual(['begin', 'client', 'orchestrator', undefined]);
  expect(lines).toContainEqual(['command', 'orchestrator', 'balance', 'balance.deduct']);
  expect(lines).toContainEqual(['reply', 'balance', 'orchestrator', 'balance.deduct']);
  expect(lines).toContainEqual(['command', 'orchestrator', 'token', 'token.delete']);
  expect(lines).toContainEqual(['event', 'orchestrator', 'subscribers', 'payment.completed']);
  // The timeline says of each command what the topic holds.
  for (const entry of saga.timeline.filter(({ kind }: { kind: string }) => kind === 'command')) {
    const seen = await eventually(() => {
      const found = system.topics
        .ofSaga(saga.sagaId)
        .find(({ headers, topic }) => headers.ce_id === entry.messageId && topic === entry.topic);
      expect(found).toBeDefined();
      return found;
    });
    expect(seen).toMatchObject({ key: entry.key, data: entry.payload, headers: { ce_type: entry.type } });
  }

  const masked = JSON.stringify((await viewer.get(path)).body);
  expect(masked).not.toContain(user.userId);
  expect(masked).not.toContain(saga.context.tokenHash);
  expect(masked).toContain(held.reservationId);
});

test('sagas are listed newest first, page by page, by what is asked for', async () => {
  const user = await newUser(system.url, 500_000);
  const held = await hold(user, nextSeat());
  await user.pay(held.reservationId, { fault: 'payment.create=reject' });
  const ofUser = (await operator.get(`/sagas?userId=${user.userId}`)).body.items;
  expect(ofUser.map(({ type, status }: never) => [type, status])).toEqual([
    ['pay', 'COMPENSATED'],
    ['reserve', 'COMPLETED'],
  ]);
  expect(ofUser[0]).toMatchObject({ failure: { type: 'PaymentCreationFailed', outcome: 'refused' } });
  expect((await operator.get(`/sagas?userId=${user.userId}&status=COMPENSATED`)).body.items).toEqual([
    ofUser[0],
  ]);
  expect((await operator.get(`/sagas?lockKey=seat:${held.concertSeatId}`)).body.items).toEqual(ofUser);
  expect((await operator.get(`/sagas?userId=${user.userId}&overdue=true`)).body.items).toEqual([]);

  const first = (await operator.get(`/sagas?userId=${user.userId}&limit=1`)).body;
  expect(first.items).toEqual([ofUser[0]]);
  const second = await operator.get(`/sagas?userId=${user.userId}&limit=1&cursor=${first.nextCursor}`);
  expect(second.body.items).toEqual([ofUser[1]]);
  expect((await operator.get('/sagas?cursor=nonsense')).body.code).toBe('validation');
  expect((await operator.get(`/sagas/${id}`)).body.code).toBe('saga-not-found');
});

test('the overview counts what happens, once and every second', async () => {
  const user = await newUser(system.url, 500_000);
  await hold(user, nextSeat());
  const overview = await eventually(async () => {
    const { status, body } = await operator.get('/overview');
    expect(status).toBe(200);
    expect(
      body.sagas.byType.find(({ type }: { type: string }) => type === 'reserve')?.completed,
    ).toBeGreaterThan(0);
    return body;
  });
  expect(overview).toMatchObject({
    windowS: 10,
    sagas: { parked: 0, overdue: 0, startedPerSecond: expect.any(Number) },
    deadLetters: { open: 0, byTopic: [] },
    replays: { running: 0 },
  });
  const latency = overview.sagas.byType[0].latencyMs;
  expect(latency.p50).toBeGreaterThan(0);
  expect(latency.p99).toBeGreaterThanOrEqual(latency.p50);
  expect(overview.lag.map(({ group }: { group: string }) => group)).toEqual([
    'reservation',
    'payment',
    'balance',
    'token',
    'orchestrator',
    'dead-letters',
  ]);

  const leave = new AbortController();
  const response = await fetch(`${system.url}/ops/v1/overview/events`, {
    headers: { authorization: `Bearer ${viewer.accessToken}` },
    signal: leave.signal,
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const moments: string[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (const event of text.split('\n\n').slice(0, -1)) {
      const data = /^event: overview\ndata: (.*)$/.exec(event)?.[1];
      if (data) moments.push(JSON.parse(data).at);
    }
    text = text.slice(text.lastIndexOf('\n\n') + 2);
    if (moments.length >= 3) break;
  }
  leave.abort();
  expect(moments.length).toBeGreaterThanOrEqual(3);
  expect(new Set(moments).size).toBe(moments.length);
});

test('the doctor finds a healthy system healthy', async () => {
  const { status, body } = await eventually(async () => {
    const answer = await viewer.get('/doctor');
    expect(answer.body.findings.filter((finding: { status: string }) => finding.status !== 'ok')).toEqual([]);
    return answer;
  });
  expect([status, body.status]).toEqual([200, 'ok']);
  const checks = body.findings.map(({ check }: { check: string }) => check);
  for (const check of [
    'service:balance',
    'topics',
    'lag:balance:balance.commands',
    'lag:dead-letters:*.dlq',
    'sagas:parked',
    'dead-letters:open',
    'outbox:token',
    'outbox:orchestrator',
    'ledger',
    'clock:payment-postgres',
    'clock:postgres',
    'clock:redis',
  ])
    expect(checks).toContain(check);
});
