import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudEvent } from '@holdfast/shared/messaging/cloud-event';
import { Passing } from '@holdfast/shared/messaging/failing';
import { createLogger } from '@holdfast/shared/process/logger';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { NotTaken, Refused } from './notify.ts';
import { type Receiver, receiver } from './receiver.ts';

const oldSecret = `whsec_${Buffer.from('the secret of last year').toString('base64')}`;
const newSecret = `whsec_${Buffer.from('the secret of this year').toString('base64')}`;
const breaker = { failures: 3, firstMs: 100, maxMs: 400 };

type Answer = (response: ServerResponse, body: string) => void;
const answers = (status: number, headers = {}): Answer => {
  return (response) => response.writeHead(status, headers).end();
};
const hangs: Answer = () => undefined;
const hangsUp: Answer = (response) => response.socket?.resetAndDestroy();

/** Who is told: a real server that answers as it is asked to, and keeps what it got. */
let answer: Answer;
let got: { headers: IncomingHttpHeaders; body: string }[];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  got.push({ headers: request.headers, body });
  answer(response, body);
});

let url: string;
let told: Receiver;
const never = new AbortController().signal;
const log = createLogger({ service: 'test', level: 'silent' });

beforeEach(async () => {
  got = [];
  answer = answers(204);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  told = receiver({ url, secrets: [newSecret, oldSecret], timeoutMs: 2_000 }, log, breaker);
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

let events = 0;
const event = (): CloudEvent => ({
  id: `event-${++events}`,
  type: 'payment.completed',
  source: '/holdfast/orchestrator',
  time: '2026-11-25T00:00:00.000Z',
  subject: 'reservation',
  dataschema: 'urn:holdfast:event:payment.completed:v1',
  extensions: {},
  data: { amount: 1 },
});

/** What telling came to: the error's name, or nothing. */
const tell = (what: CloudEvent): Promise<string | undefined> =>
  told.tell(what, never).then(
    () => undefined,
    (error: Error) => error.name,
  );

test('what is told verifies with the new secret and with the old one, and with no other', async () => {
  const what = event();
  expect(await tell(what)).toBeUndefined();
  const [{ headers, body }] = got as [(typeof got)[number]];
  for (const secret of [oldSecret, newSecret])
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({
      specversion: '1.0',
      id: what.id,
      type: what.type,
      source: what.source,
      time: what.time,
      subject: what.subject,
      dataschema: what.dataschema,
      datacontenttype: 'application/json',
      data: what.data,
    });
  const another = `whsec_${Buffer.from('the secret of somebody else').toString('base64')}`;
  expect(() => new Webhook(another).verify(body, headers as Record<string, string>)).toThrow();
});

test.each([400, 410, 422])(
  '%i is final: the event is refused, and the receiver counts as there',
  async (status) => {
    answer = answers(status);
    for (let i = 0; i < breaker.failures + 1; i++) expect(await tell(event())).toBe(Refused.name);
    expect(told.condition().breaker).toBe('closed');
  },
);

test.each([
  ['500', answers(500)],
  ['503', answers(503)],
  ['404, as while it is deployed', answers(404)],
  ['401, as while its secret changes', answers(401)],
  ['a redirect, which is not followed', answers(307, { location: 'http://127.0.0.1:1/' })],
  ['no answer in time', hangs],
  ['a connection that is reset', hangsUp],
])('%s, to whatever it is told, is its own fault and never an event’s', async (_, broken) => {
  answer = broken;
  const same = event();
  for (let i = 0; i < 12; i++) expect(await tell(i % 2 ? same : event())).toBe(Passing.name);
});

describe('a receiver that is away', () => {
  test('is asked no more after some failures in a row, then once in a while, less and less often', async () => {
    answer = answers(500);
    const asked: number[] = [];
    const startedAt = performance.now();
    while (performance.now() - startedAt < 1_500 || asked.length < 4) {
      const before = got.length;
      await Promise.all([tell(event()), tell(event()), tell(event())]);
      if (got.length > before) asked.push(got.length - before);
      await sleep(10);
    }
    // Three at once that opened it; then one alone each time, after 100, 200, 400, 400 … ms, or half of it.
    expect(asked[0]).toBe(3);
    expect(asked.slice(1)).toEqual(asked.slice(1).map(() => 1));
    expect(asked.length - 1).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 200);
    expect(told.condition()).toMatchObject({ breaker: 'open', lastFailure: 'it answered 500' });
  });

  test('is told of everything again once it has taken one', async () => {
    answer = answers(500);
    const startedAt = performance.now();
    for (let i = 0; i < breaker.failures; i++) await tell(event());
    expect(told.condition().breaker).toBe('open');
    answer = answers(204);
    const early = await tell(event());
    // Unless this process was held up for so long that its time had come.
    if (performance.now() - startedAt < breaker.firstMs / 2) expect(early).toBe(Passing.name);
    await sleep(breaker.firstMs + 20);
    expect(await Promise.all([tell(event()), tell(event()), tell(event())])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(told.condition().breaker).toBe('closed');
  });

  test.each([429, 503])('is left alone for as long as it asks for with %i', async (status) => {
    answer = answers(status, { 'retry-after': '1' });
    const startedAt = performance.now();
    expect(await tell(event())).toBe(Passing.name);
    answer = answers(204);
    const what = event();
    while ((await tell(what)) !== undefined) await sleep(20);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    expect(got).toHaveLength(2);
  });

  test('may say until when by a date', async () => {
    answer = answers(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    await tell(event());
    answer = answers(204);
    await expect(told.tell(event(), never)).rejects.toThrow(/left alone until/);
    expect(got).toHaveLength(1);
  });
});

test('an event fails by itself only where others are taken between its attempts', async () => {
  const bad = event();
  answer = (response, body) => response.writeHead(body.includes(bad.id) ? 500 : 204).end();
  expect(await tell(bad)).toBe(Passing.name);
  expect(await tell(bad)).toBe(Passing.name);
  expect(await tell(event())).toBeUndefined();
  expect(await tell(bad)).toBe(NotTaken.name);
  // Nothing was taken since.
  expect(await tell(bad)).toBe(Passing.name);
});

test('a process that stops waits for no answer', async () => {
  answer = hangs;
  const patient = receiver({ url, secrets: [], timeoutMs: 60_000 }, log, breaker);
  const stopping = new AbortController();
  const startedAt = performance.now();
  setTimeout(() => stopping.abort(), 20);
  await expect(patient.tell(event(), stopping.signal)).rejects.toThrow(Passing);
  expect(performance.now() - startedAt).toBeLessThan(30_000);
});
