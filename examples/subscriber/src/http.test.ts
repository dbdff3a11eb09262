import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { createHttp } from './http.ts';
import { openState } from './state.ts';

const oldSecret = `whsec_${Buffer.from('the secret of last year').toString('base64')}`;
const newSecret = `whsec_${Buffer.from('the secret of this year').toString('base64')}`;
const folder = mkdtempSync(join(tmpdir(), 'subscriber-'));
const file = join(folder, 'sales.json');

let server: Server;
let url: string;
beforeAll(async () => {
  server = createHttp({ ...openState(file), secrets: [newSecret, oldSecret], ready: () => true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const uuid = '01993c00-0000-7000-8000-000000000001';
const bodyOf = (
  id: string,
  type = 'payment.completed',
  data: object = { price: { amount: 1, currency: 'KRW' } },
) =>
  JSON.stringify({
    specversion: '1.0',
    id,
    type,
    source: '/holdfast/orchestrator',
    time: '2026-11-25T08:00:00.000Z',
    subject: uuid,
    data: { paymentId: uuid, reservationId: uuid, userId: uuid, ...data },
  });

const signed = (id: string, body: string, secret = newSecret, at = new Date()): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
  'webhook-signature': new Webhook(secret).sign(id, at, body),
});

const post = async (body: string, headers: Record<string, string>): Promise<number> =>
  (await fetch(`${url}/webhooks`, { method: 'POST', headers, body })).status;

const noticed = async (): Promise<string[]> => {
  const { notices } = (await (await fetch(`${url}/notices`)).json()) as { notices: { id: string }[] };
  return notices.map(({ id }) => id);
};

test('what is signed with the new secret or the old one is taken, and kept', async () => {
  expect(await post(bodyOf('a'), signed('a', bodyOf('a')))).toBe(204);
  expect(await post(bodyOf('b'), signed('b', bodyOf('b'), oldSecret))).toBe(204);
  expect(await noticed()).toEqual(['a', 'b']);
  expect(openState(file).state.notices.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('what comes again is answered the same, and taken once', async () => {
  const headers = signed('c', bodyOf('c'));
  for (let i = 0; i < 3; i++) expect(await post(bodyOf('c'), headers)).toBe(204);
  expect((await noticed()).filter((id) => id === 'c')).toHaveLength(1);
});

const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);
test.each<[string, string, Record<string, string>]>([
  ['not signed', bodyOf('d'), {}],
  [
    'signed by somebody else',
    bodyOf('d'),
    signed('d', bodyOf('d'), `whsec_${Buffer.from('else').toString('base64')}`),
  ],
  ['changed on its way', bodyOf('e'), signed('d', bodyOf('d'))],
  ['given another id', bodyOf('d'), { ...signed('d', bodyOf('d')), 'webhook-id': 'e' }],
  ['sent again later', bodyOf('d'), signed('d', bodyOf('d'), newSecret, minutes(-6))],
  ['of the future', bodyOf('d'), signed('d', bodyOf('d'), newSecret, minutes(6))],
])('what is %s is turned away, and its id is not taken for seen', async (_, body, headers) => {
  expect(await post(body, headers)).toBe(401);
  expect(await noticed()).not.toContain('d');
});

test('a type that is not known is taken without a word, data of another form is not', async () => {
  const unknown = bodyOf('f', 'payment.of-tomorrow');
  expect(await post(unknown, signed('f', unknown))).toBe(204);
  const wrong = bodyOf('g', 'payment.completed', {});
  expect(await post(wrong, signed('g', wrong))).toBe(422);
  expect(await noticed()).not.toContain('g');
});

test('a body without end is not read', async () => {
  const body = 'x'.repeat(200_000);
  expect(await post(body, signed('h', body))).toBe(413);
});
