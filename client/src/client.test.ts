import { afterEach, expect, test } from '@jest/globals';
import { createClient, newKey } from './client.ts';
import { follow } from './follow.ts';
import { dataOf } from './problem.ts';
import { clientOf, stopServers } from './testing/server.ts';

afterEach(stopServers);

const charge = (client: ReturnType<typeof createClient>, key: string) =>
  client.POST('/v1/balance/charges', {
    params: { header: { 'idempotency-key': key } },
    body: { amount: 500, currency: 'KRW' },
  });

test('a request carries who asks, its key and its body', async () => {
  const seen: unknown[] = [];
  const client = await clientOf(({ method, url, headers }, response) => {
    seen.push(method, url, headers.authorization, headers['idempotency-key'], headers['content-type']);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"chargeId":"c"}');
  });
  const key = newKey();
  expect(await dataOf(charge(client, key))).toEqual({ chargeId: 'c' });
  expect(seen).toEqual(['POST', '/v1/balance/charges', 'Bearer of-ada', key, 'application/json']);
});

test('a refusal is a problem with its code, and says when to try again', async () => {
  const client = await clientOf((_request, response) => {
    response
      .writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '2' })
      .end('{"code":"overloaded","title":"The service has too much to do","status":503}');
  });
  await expect(dataOf(charge(client, newKey()))).rejects.toMatchObject({
    name: 'ApiProblem',
    status: 503,
    code: 'overloaded',
    message: 'The service has too much to do',
    retryAfterMs: 2_000,
  });
});

test("a proxy's own page is a problem as well, and no answer at all is an error", async () => {
  const client = await clientOf((_request, response) => response.writeHead(502).end('<h1>Bad gateway</h1>'));
  await expect(dataOf(charge(client, newKey()))).rejects.toMatchObject({ status: 502, code: 'unreadable' });
  await expect(charge(createClient({ url: 'http://127.0.0.1:1' }), newKey())).rejects.toThrow('fetch failed');
});

const place = (client: ReturnType<typeof createClient>, options: { silenceMs?: number } = {}) =>
  follow(client, '/v1/tokens/me/events', { params: { header: { 'queue-token': 't' } }, ...options });

test('events are read however they were cut into pieces, until the stream ends', async () => {
  const client = await clientOf(async ({ headers }, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const text = `: hello\n\nevent: place\ndata: {"token":"${headers['queue-token']}","position":2}\n\nevent: gone\ndata: {"code":"token-not-found"}\n\n`;
    for (const piece of text.match(/.{1,7}/gs) ?? []) {
      response.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    response.end();
  });
  const events = [];
  for await (const event of place(client)) events.push(event);
  expect(events).toEqual([
    { event: 'place', data: { token: 't', position: 2 } },
    { event: 'gone', data: { code: 'token-not-found' } },
  ]);
});

test('a stream that is refused is a problem; one that falls silent ends with an error', async () => {
  const refusing = await clientOf((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/problem+json' });
    response.end('{"code":"token-not-found"}');
  });
  await expect(place(refusing).next()).rejects.toMatchObject({ code: 'token-not-found' });

  const silent = await clientOf((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: place\ndata: {}\n\n');
  });
  const events = place(silent, { silenceMs: 2_000 });
  expect(await events.next()).toMatchObject({ done: false });
  await expect(events.next()).rejects.toThrow();
});

test('who stops following closes the connection', async () => {
  const closed = new Promise<void>((resolve, reject) => {
    clientOf((_request, response) => {
      response.on('close', resolve);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: place\ndata: {}\n\n');
    }).then(async (client) => {
      for await (const { event } of place(client)) if (event === 'place') break;
    }, reject);
  });
  await closed;
});
