import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { forEachService } from '@holdfast/shared/contracts/define';
import { createLogger } from '@holdfast/shared/process/logger';
import { eventually } from '@holdfast/shared/testing/eventually';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import getPort from 'get-port';
import { buildGateway } from './app.ts';
import { createUpstream } from './upstream.ts';

const maxInFlight = 5;

/** Below those that outgoing connections take: an instance comes back on its own. */
const freePort = () => getPort({ port: Array.from({ length: 20 }, () => randomInt(20_000, 32_000)) });

let build: (trustProxy?: string) => FastifyInstance;
let gateway: FastifyInstance;
let origin: string;
let instances: Map<string, Server>;
let siteDir: string;

/** An instance that tells what it was asked, until `answer` says otherwise. */
async function startInstance(
  name: string,
  port: number,
  answer: RequestListener = tell(name),
): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  instances.set(name, server);
}

function tell(name: string): RequestListener {
  return async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { method, url, headers } = request;
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ name, method, url, headers, body }));
  };
}

async function stopInstance(name: string): Promise<number> {
  const server = instances.get(name) as Server;
  const { port } = server.address() as AddressInfo;
  instances.delete(name);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function call(path: string, init?: RequestInit) {
  const response = await fetch(origin + path, init);
  const text = await response.text();
  return { response, status: response.status, body: JSON.parse(text) };
}

beforeEach(async () => {
  instances = new Map();
  siteDir = mkdtempSync(join(tmpdir(), 'holdfast-site-'));
  mkdirSync(join(siteDir, 'assets'));
  writeFileSync(join(siteDir, 'index.html'), '<!doctype html><title>Holdfast</title>');
  writeFileSync(join(siteDir, 'assets', 'index-abc.js'), 'export {};');
  const ports: Record<string, number> = {};
  for (const name of ['orchestrator-1', 'orchestrator-2', 'reservation', 'payment', 'balance', 'token']) {
    ports[name] = await freePort();
    await startInstance(name, ports[name]);
  }
  const url = (name: string) => `http://127.0.0.1:${ports[name]}`;
  build = (trustProxy) =>
    buildGateway({
      upstreams: forEachService((service) =>
        createUpstream(
          service === 'orchestrator' ? [url('orchestrator-1'), url('orchestrator-2')] : [url(service)],
        ),
      ),
      siteDirs: { buyer: siteDir, console: siteDir },
      maxInFlight,
      trustProxy,
      logger: createLogger({ service: 'gateway', level: 'silent' }),
    });
  gateway = build();
  origin = await gateway.listen({ port: 0, host: '127.0.0.1' });
});

afterEach(async () => {
  await Promise.all([...instances.keys()].map(stopInstance));
  // A client that has aborted connects anew, and to Node a connection without a request isn't idle.
  gateway.server.closeAllConnections();
  await gateway.close();
  rmSync(siteDir, { recursive: true });
});

test.each([
  ['GET', '/v1/concerts?limit=2', 'reservation'],
  ['GET', '/v1/concerts/c1/performances', 'reservation'],
  ['GET', '/v1/performances/p1/seats?cursor=x%2Fy', 'reservation'],
  ['GET', '/v1/reservations/r1', 'reservation'],
  ['GET', '/v1/payments/p1', 'payment'],
  ['GET', '/v1/balance', 'balance'],
  ['POST', '/v1/balance/charges', 'balance'],
  ['POST', '/v1/dev/users', 'balance'],
  ['POST', '/v1/tokens', 'token'],
  ['DELETE', '/v1/tokens/me', 'token'],
  ['GET', '/v1/tokens/me/events', 'token'],
  ['PUT', '/v1/queues/c1/policy', 'token'],
  ['POST', '/v1/reservations', 'orchestrator'],
  ['POST', '/v1/payments', 'orchestrator'],
  ['GET', '/v1/sagas/s1', 'orchestrator'],
])('%s %s goes to the %s service as it is', async (method, path, service) => {
  const { body } = await call(path, { method });
  expect(body).toMatchObject({ name: expect.stringContaining(service), method, url: path });
});

test('headers and bodies pass through unchanged, whatever their type and size', async () => {
  const headers = {
    'content-type': 'application/json',
    authorization: 'Bearer x',
    'idempotency-key': 'k',
    prefer: 'wait=3',
    'queue-token': 't',
    'holdfast-fault': 'balance.deduct=reject',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const sent = `{ not quite JSON${' '.repeat(60_000)}`;
  const { body } = await call('/v1/payments', { method: 'POST', headers, body: sent });
  expect(body.headers).toMatchObject(headers);
  expect(body.body).toBe(sent);
});

test('a service is told where a request comes from by the gateway, not by the client', async () => {
  const { body } = await call('/v1/tokens/me', { headers: { 'x-forwarded-for': '203.0.113.7' } });
  expect(body.headers['x-forwarded-for']).toMatch(/^(127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/);
});

test('a proxy that is trusted says where a request comes from, and what its client says is not believed', async () => {
  const trusting = build('10.0.0.0/8, loopback');
  const url = await trusting.listen({ port: 0, host: '127.0.0.1' });
  const answer = await fetch(`${url}/v1/tokens/me`, {
    headers: { 'x-forwarded-for': '192.0.2.1, 203.0.113.7, 10.1.2.3' },
  });
  const { headers } = (await answer.json()) as { headers: Record<string, string> };
  expect(headers['x-forwarded-for']).toBe('203.0.113.7');
  trusting.server.closeAllConnections();
  await trusting.close();
});

test('what a service sends bit by bit arrives so, and it learns when the client has gone', async () => {
  const port = await stopInstance('token');
  let gone = false;
  await startInstance('token', port, (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    request.on('close', () => (gone = true));
  });
  const client = new AbortController();
  const { body } = await fetch(`${origin}/v1/tokens/me/events`, { signal: client.signal });
  const { value } = await (body as ReadableStream<Uint8Array>).getReader().read();
  expect(Buffer.from(value as Uint8Array).toString()).toBe('data: 1\n\n');
  client.abort();
  await eventually('the close', () => gone);
});

test('a body that no service would take is refused at once', async () => {
  const { status, body } = await call('/v1/payments', { method: 'POST', body: 'x'.repeat(100_000) });
  expect(status).toBe(413);
  expect(body).toMatchObject({ status: 413, code: expect.any(String) });
});

test('an import of dead letters may be large', async () => {
  const sent = 'x'.repeat(5_000_000);
  const { body } = await call('/ops/v1/dead-letters/import', { method: 'POST', body: sent });
  expect(body.body).toHaveLength(sent.length);
});

test('instances of one service take turns', async () => {
  const names = [];
  for (let i = 0; i < 4; i += 1) names.push((await call('/v1/sagas/s1')).body.name);
  expect(names.slice(0, 2).sort()).toEqual(['orchestrator-1', 'orchestrator-2']);
  expect(names.slice(2)).toEqual(names.slice(0, 2));
});

test('an unknown route is a problem document', async () => {
  const { response, status, body } = await call('/v2/concerts');
  expect(status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(body).toMatchObject({
    status: 404,
    code: 'route-not-found',
    type: expect.any(String),
    title: expect.any(String),
  });
});

describe('a request that a proxy may stumble over', () => {
  /** As it is: fetch would tidy it up. */
  async function send(
    target: string,
    headers = '',
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const { hostname, port } = new URL(origin);
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`, 'latin1');
    const answer = await text(socket);
    const [head = '', body = ''] = answer.split('\r\n\r\n').slice(-2);
    return { status: Number(head.split(' ')[1]), body: JSON.parse(body) };
  }

  test.each([
    '/v1/concerts?cursor=%E0%A4%A',
    '/v1/concerts?cursor=../..',
    '/v1/concerts?cursor=a?b',
    '/v1/concerts?__proto__[x]=1',
    `/v1/concerts?cursor=${'x'.repeat(10_000)}`,
  ])('goes on as it is: %s', async (target) => {
    expect(await send(target)).toMatchObject({ status: 200, body: { name: 'reservation', url: target } });
  });

  test('goes on without the origin that it names', async () => {
    const answer = await send('http://elsewhere/v1/concerts?limit=1');
    expect(answer).toMatchObject({ status: 200, body: { name: 'reservation', url: '/v1/concerts?limit=1' } });
  });

  test.each([
    '/v1/concerts/../../docs/json',
    '/v1/concerts/%2e%2e/%2E./docs/json',
    '/v1/concerts/\\..\\..\\..\\docs/json',
    '/v1/concerts/x#/../../docs/json',
  ])('doesn’t reach what another path names: %s', async (target) => {
    expect(await send(target)).toMatchObject({ status: 404, body: { code: 'route-not-found' } });
  });

  test.each(['/v1/concerts/%E0%A4%A', '/v1/concerts/%zz'])('%s is bad input', async (target) => {
    expect(await send(target)).toMatchObject({ status: 400, body: { code: 'validation' } });
  });

  test.each([
    'Expect: 100-continue',
    'Expect: wonders',
    'Upgrade: websocket',
    'Keep-Alive: timeout=5',
    'TE: trailers',
  ])('goes on without what is about its connection: %s', async (header) => {
    const { status, body } = await send('/v1/sagas/s1', `${header}\r\n`);
    expect(status).toBe(200);
    expect(body.headers).not.toHaveProperty(header.split(':')[0]?.toLowerCase() as string);
  });

  test('takes no instance out of its turn, whatever is wrong with it', async () => {
    const partial = createConnection({ host: new URL(origin).hostname, port: Number(new URL(origin).port) });
    partial.write('POST /v1/reservations HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 50));
    partial.destroy();
    await send('/v1/sagas/s1', 'Expect: 100-continue\r\n');
    await send('/v1/sagas/\x01', 'X: \x7f\r\n').catch(() => undefined);
    const names = [];
    for (let i = 0; i < 4; i += 1) names.push((await call('/v1/sagas/s1')).body.name);
    expect(new Set(names).size).toBe(2);
  });

  test('has a method that its path doesn’t have', async () => {
    const { response, status, body } = await call('/v1/balance', { method: 'PUT', body: '{' });
    expect([status, body.code, response.headers.get('allow')]).toEqual([
      405,
      'method-not-allowed',
      'GET, HEAD',
    ]);
    // Of the paths below another, the service knows which methods each has.
    for (const method of ['PUT', 'OPTIONS', 'QUERY']) {
      const below = await call('/v1/balance/charges', { method });
      expect(below.body).toMatchObject({ name: 'balance', method });
    }
  });
});

describe('when an instance dies', () => {
  test.each(['orchestrator-1', 'orchestrator-2'])(
    'the other is asked instead, also for what may not happen twice: nothing was sent to %s',
    async (dead) => {
      await stopInstance(dead);
      for (let i = 0; i < 4; i += 1) {
        const { status, body } = await call('/v1/reservations', { method: 'POST', body: `request ${i}` });
        expect({ status, body: body.body }).toEqual({ status: 200, body: `request ${i}` });
      }
    },
  );

  describe('in the middle of a request', () => {
    const asked: string[] = [];
    beforeEach(async () => {
      asked.length = 0;
      for (const name of ['orchestrator-1', 'orchestrator-2']) {
        const port = await stopInstance(name);
        await startInstance(name, port, (request, response) => {
          if (request.url === '/health/live') return tell(name)(request, response);
          asked.push(name);
          if (asked.length === 1) request.socket.destroy();
          else tell(name)(request, response);
        });
      }
    });

    test.each([
      ['that only reads', 'GET', '/v1/sagas/s1', {}],
      ['with an Idempotency-Key', 'POST', '/v1/payments', { 'idempotency-key': 'k' }],
    ])('%s, the other is asked', async (_, method, path, headers) => {
      expect((await call(path, { method, headers })).status).toBe(200);
      expect(new Set(asked).size).toBe(2);
    });

    test('that may have happened, only the client can decide to ask again', async () => {
      expect((await call('/v1/reservations', { method: 'POST', body: '{}' })).status).toBe(503);
      expect(asked).toHaveLength(1);
    });
  });

  test('and was the only one, the answer is 503 with Retry-After, until it is back', async () => {
    const port = await stopInstance('payment');
    const { response, status, body } = await call('/v1/payments/p1');
    expect(status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ code: 'unavailable' });

    await startInstance('payment', port);
    expect((await call('/v1/payments/p1')).status).toBe(200);
  });

  test('in the middle of a request, the client learns it at once', async () => {
    const port = await stopInstance('payment');
    await startInstance('payment', port, (request) => request.socket.destroy());
    expect((await call('/v1/payments/p1')).status).toBe(503);
  });

  test('the origin is not ready, and says because of whom', async () => {
    expect((await call('/health/ready')).status).toBe(200);
    await stopInstance('token');
    const { status, body } = await call('/health/ready');
    expect(status).toBe(503);
    expect(body.notReady).toEqual(['token']);
    expect((await call('/health/live')).status).toBe(200);
  });
});

describe('when an instance is stopping', () => {
  const goodbye =
    (name: string): RequestListener =>
    (request, response) => {
      response.setHeader('connection', 'close');
      tell(name)(request, response);
    };

  test('it is left out by what it answers, until it is back; the client keeps its connection', async () => {
    const port = await stopInstance('orchestrator-1');
    await startInstance('orchestrator-1', port, goodbye('orchestrator-1'));
    const asked = [];
    for (let i = 0; i < 4; i += 1) {
      const { response, body } = await call('/v1/sagas/s1');
      expect(response.headers.get('connection')).toBe('keep-alive');
      asked.push(body.name);
    }
    expect(asked.filter((name) => name === 'orchestrator-1').length).toBeLessThanOrEqual(1);

    await stopInstance('orchestrator-1');
    await startInstance('orchestrator-1', port);
    await eventually(
      'orchestrator-1',
      async () => (await call('/v1/sagas/s1')).body.name === 'orchestrator-1',
    );
  });

  test('it is left out also where nobody has asked it anything', async () => {
    const port = await stopInstance('orchestrator-1');
    let looks = 0;
    await startInstance('orchestrator-1', port, (request, response) => {
      looks += 1;
      goodbye('orchestrator-1')(request, response);
    });
    // By the third look the gateway has heard what the first was answered.
    await eventually('three looks', () => looks >= 3);
    for (let i = 0; i < 4; i += 1) expect((await call('/v1/sagas/s1')).body.name).toBe('orchestrator-2');
  });
});

test('more requests than may be under way are refused at once, and later ones served again', async () => {
  const port = await stopInstance('token');
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let underWay = 0;
  await startInstance('token', port, async (request, response) => {
    underWay += 1;
    await released;
    tell('token')(request, response);
  });
  const served = Array.from({ length: maxInFlight }, () =>
    call('/v1/tokens', { method: 'POST', body: '{}' }),
  );
  await eventually('all of them', () => underWay === maxInFlight);
  const { response, status, body } = await call('/v1/concerts');
  expect({ status, code: body.code, retryAfter: response.headers.get('retry-after') }).toEqual({
    status: 503,
    code: 'overloaded',
    retryAfter: '1',
  });
  expect((await call('/health/live')).status).toBe(200);
  release();
  expect((await Promise.all(served)).map(({ status }) => status)).toEqual(served.map(() => 200));
  expect((await call('/v1/concerts')).status).toBe(200);
});

test("each service's own documentation is found under its name", async () => {
  expect((await call('/openapi/token.json')).body).toMatchObject({ name: 'token', url: '/docs/json' });
  expect((await call('/docs/token')).body).toMatchObject({ name: 'token', url: '/docs/' });
  expect((await call('/docs/token/static/index.css')).body.url).toBe('/docs/static/index.css');
  expect(await (await fetch(`${origin}/docs`)).text()).toContain('href="/docs/token/"');
});

describe("the buyer's page", () => {
  test.each(['/', '/balance', '/concerts/c1/performances/p1', '/reservations', '/reservations/r1?x=y'])(
    '%s is it, and lets nothing foreign run',
    async (path) => {
      const response = await fetch(origin + path);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('<title>Holdfast</title>');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
    },
  );

  test('its files are served, and all other paths are those of the API', async () => {
    const file = await fetch(`${origin}/assets/index-abc.js`);
    expect(await file.text()).toBe('export {};');
    expect(file.headers.get('cache-control')).toContain('immutable');
    for (const path of ['/assets/index-old.js', '/nonsense', '/..%2fpackage.json']) {
      const { status, body } = await call(path);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'route-not-found' });
    }
    expect((await call('/v1/concerts')).body.name).toBe('reservation');
  });
});

describe('the console', () => {
  test.each(['/console', '/console/', '/console/sagas/0192-7', '/console/dead-letters?topic=a.b'])(
    '%s is its page, which is asked for anew each time and lets nothing foreign run',
    async (path) => {
      const response = await fetch(origin + path);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('<title>Holdfast</title>');
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
    },
  );

  test('a file whose name changes with its content is kept for good', async () => {
    const response = await fetch(`${origin}/console/assets/index-abc.js`);
    expect(await response.text()).toBe('export {};');
    expect(response.headers.get('cache-control')).toContain('immutable');
  });

  test('a file that is gone is no page, and nothing outside of its folder is served', async () => {
    expect((await call('/console/assets/index-old.js')).status).toBe(404);
    const outside = await fetch(`${origin}/console/..%2f..%2fpackage.json`);
    expect(await outside.text()).not.toContain('"name"');
  });
});
