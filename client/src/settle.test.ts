import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { type Client, newKey } from './client.ts';
import { settle } from './settle.ts';
import { clientOf, stopServers } from './testing/server.ts';

afterEach(stopServers);

type Script = { status: number; body?: object; headers?: Record<string, string> } | 'no answer';

/** A server that answers payments as the script says, one after the other, and of its saga that it goes through these. */
async function playing(payments: Script[], sagas: string[] = []) {
  const keys: unknown[] = [];
  const client = await clientOf(({ method, headers }: IncomingMessage, response: ServerResponse) => {
    const json = { 'content-type': 'application/json' };
    if (method === 'GET')
      return void response.writeHead(200, json).end(JSON.stringify({ status: sagas.shift() }));
    keys.push(headers['idempotency-key']);
    const next = payments.shift() ?? { status: 418 };
    if (next === 'no answer') return void response.destroy();
    response.writeHead(next.status, { ...json, ...next.headers }).end(JSON.stringify(next.body ?? {}));
  });
  return { client, keys };
}

const pay = (client: Client, key: string) => () =>
  client.POST('/v1/payments', {
    params: { header: { 'queue-token': 't', 'idempotency-key': key } },
    body: { reservationId: 'r' },
  });

test('after a 202 it waits for the saga, and asks again with the same key', async () => {
  const accepted = { status: 202, body: { sagaId: 's', status: 'RUNNING' } };
  const { client, keys } = await playing(
    [accepted, { status: 201, body: { paymentId: 'p' } }],
    ['RUNNING', 'COMPLETED'],
  );
  const key = newKey();
  const { data } = await settle(client, pay(client, key));
  expect(data).toEqual({ paymentId: 'p' });
  expect(keys).toEqual([key, key]);
});

test('a lost connection and a refusal of too much at once are tried again, with the same key', async () => {
  const overloaded = { status: 503, body: { code: 'overloaded' }, headers: { 'retry-after': '0' } };
  const { client, keys } = await playing(['no answer', overloaded, { status: 201 }]);
  const { response } = await settle(client, pay(client, 'k'));
  expect([response.status, keys]).toEqual([201, ['k', 'k', 'k']]);
});

test('any other refusal is the answer, unless it is named as one to try again after', async () => {
  const locked = { status: 409, body: { code: 'seat-locked' }, headers: { 'retry-after': '0' } };
  const once = await playing([locked]);
  expect((await settle(once.client, pay(once.client, 'k'))).response.status).toBe(409);
  const twice = await playing([locked, { status: 201 }]);
  const again = ({ code }: { code: string }) => code === 'seat-locked';
  expect((await settle(twice.client, pay(twice.client, 'k'), { again })).response.status).toBe(201);
});

test('a saga that waits for an operator is left to him', async () => {
  const { client } = await playing([{ status: 202, body: { sagaId: 's' } }], ['PARKED']);
  expect((await settle(client, pay(client, 'k'))).response.status).toBe(202);
});
