import { type AddressInfo, createConnection, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import Type from 'typebox';
import { createLogger } from '../process/logger.ts';
import { eventually } from '../testing/eventually.ts';
import { type App, buildApp } from './app.ts';
import { signToken } from './auth.ts';
import { RequiredIdempotencyHeaders } from './idempotency.ts';
import { problem, problemResponses } from './problems.ts';
import { stopServing } from './stop.ts';

const secret = 'a secret of more than thirty-two characters';
const userId = '3f8c2a4e-0000-4000-8000-000000000001';

const Charge = Type.Object({ amount: Type.Integer({ minimum: 1 }) }, { additionalProperties: false });
const Charged = Type.Object({ amount: Type.Integer(), userId: Type.String() });

/** The requests to `/slow`, which are under way until they are let go. */
function heldUp() {
  let letGo = (): void => {};
  const over = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { begun: 0, over, letGo };
}
let slow: ReturnType<typeof heldUp>;
beforeEach(() => {
  slow = heldUp();
});

function routes(app: App): void {
  app.post('/charges', {
    onRequest: app.authenticate,
    schema: {
      body: Charge,
      response: { 201: Charged, ...problemResponses('validation', 'unauthenticated') },
    },
    handler: async (request, reply) => {
      reply.code(201);
      return { amount: request.body.amount, userId: request.user.userId };
    },
  });
  app.post('/keyed', {
    schema: { headers: RequiredIdempotencyHeaders },
    handler: async (request) => ({ key: request.headers['idempotency-key'] }),
  });
  app.get('/items', {
    schema: { querystring: Type.Object({ limit: Type.Integer({ default: 20, maximum: 100 }) }) },
    handler: async (request) => ({ limit: request.query.limit }),
  });
  app.get('/trace', async (request) => ({ traceparent: request.traceparent }));
  app.get('/fail/:how', {
    schema: { params: Type.Object({ how: Type.String() }) },
    handler: async (request) => {
      throw failures[request.params.how];
    },
  });
  app.get('/unlimited', { config: { limited: false } }, async () => ({}));
  app.get('/slow', async () => {
    slow.begun++;
    await slow.over;
    return { done: true };
  });
}

const connect = (port: number): Socket => createConnection({ host: '127.0.0.1', port });

const failures: Record<string, Error> = {
  refused: problem('seat-locked', 'Somebody else is at it.', { retryAfter: 2, extra: { seat: 'A1' } }),
  bug: new TypeError('secret is not a function'),
  database: Object.assign(new Error('terminating connection'), { code: '57P01' }),
};

const build = (checks: Parameters<typeof buildApp>[0]['checks'] = {}, maxInFlight = 1_000) =>
  buildApp({
    service: 'test',
    description: 'For tests',
    config: { JWT_SECRET: secret, MAX_REQUESTS_IN_FLIGHT: maxInFlight },
    checks,
    routes,
    logger: createLogger({ service: 'test', level: 'silent' }),
  });

let app: App;
let authorization: string;
beforeAll(async () => {
  app = await build();
  authorization = `Bearer ${await signToken(secret, { userId, expiresInS: 60 })}`;
});
afterAll(async () => await app.close());

const charge = (payload: string | object, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/charges', headers: { authorization, ...headers }, payload });
const json = { 'content-type': 'application/json' };

describe('requests that are in order', () => {
  test('reach their handler, with the user', async () => {
    const response = await charge({ amount: 5 });
    expect(response.statusCode).toBe(201);
    expect(response.json()).toEqual({ amount: 5, userId });
  });

  test('a query string is coerced and completed', async () => {
    expect((await app.inject('/items?limit=5')).json()).toEqual({ limit: 5 });
    expect((await app.inject('/items')).json()).toEqual({ limit: 20 });
  });

  test('have a trace context: the caller’s or a new one', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const of = async (headers: Record<string, string>) =>
      (await app.inject({ url: '/trace', headers })).json().traceparent;
    expect(await of({ traceparent })).toBe(traceparent);
    expect(await of({})).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });
});

describe('bad requests are answered with a problem', () => {
  const cases: [string, () => ReturnType<typeof charge>, number, string][] = [
    ['a missing property', () => charge({}), 400, 'validation'],
    ['a property too many', () => charge({ amount: 5, note: 'x' }), 400, 'validation'],
    ['a number as text', () => charge({ amount: '5' }), 400, 'validation'],
    ['a number too small', () => charge({ amount: 0 }), 400, 'validation'],
    ['an array', () => charge([]), 400, 'validation'],
    ['bad JSON', () => charge('{"amount":', json), 400, 'validation'],
    ['an empty body', () => charge('', json), 400, 'validation'],
    ['a poisoned prototype', () => charge('{"__proto__":{"amount":5}}', json), 400, 'validation'],
    ['a body of text', () => charge('5', { 'content-type': 'text/plain' }), 415, 'unsupported-media-type'],
    [
      'a form',
      () => charge('a=5', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported-media-type',
    ],
    ['a large body', () => charge({ amount: 5, note: 'x'.repeat(70_000) }), 413, 'payload-too-large'],
    ['no token', () => charge({ amount: 5 }, { authorization: '' }), 401, 'unauthenticated'],
    ['another scheme', () => charge({ amount: 5 }, { authorization: 'Basic YTpi' }), 401, 'unauthenticated'],
    ['no such route', () => app.inject('/nowhere'), 404, 'route-not-found'],
    ['another method', () => app.inject({ method: 'PUT', url: '/charges' }), 405, 'method-not-allowed'],
    ['a path that cannot be decoded', () => app.inject('/fail/%E0%A4%A'), 400, 'validation'],
    ['a path that is too long', () => app.inject(`/fail/${'x'.repeat(500)}`), 404, 'route-not-found'],
    ['a query too large', () => app.inject('/items?limit=101'), 400, 'validation'],
    ['no key', () => app.inject({ method: 'POST', url: '/keyed' }), 400, 'idempotency-key-required'],
    [
      'a key with a space',
      () => app.inject({ method: 'POST', url: '/keyed', headers: { 'idempotency-key': 'a b' } }),
      400,
      'validation',
    ],
  ];
  test.each(cases)('%s', async (_, send, status, code) => {
    const response = await send();
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(response.json()).toMatchObject({ type: `https://holdfast.dev/problems/${code}`, status, code });
    expect(response.statusCode).toBe(status);
  });

  test('that says which fields are wrong', async () => {
    expect((await charge({ note: 'x' })).json().errors).toEqual([
      { path: '/body/amount', message: expect.stringMatching(/required/) },
      { path: '/body/note', message: 'must NOT have additional properties' },
    ]);
    expect((await app.inject('/items?limit=x')).json().errors).toEqual([
      { path: '/querystring/limit', message: 'must be integer' },
    ]);
  });

  test('that names the methods that a route has', async () => {
    const allowed = async (method: 'PUT' | 'TRACE' | 'HEAD', url: string) =>
      (await app.inject({ method, url })).headers.allow;
    expect(await allowed('TRACE', '/items')).toBe('GET, HEAD');
    expect(await allowed('PUT', '/fail/%7Bid%7D')).toBe('GET, HEAD');
    expect(await allowed('HEAD', '/charges')).toBe('POST');
  });

  test('that doesn’t quote a long URL', async () => {
    expect((await app.inject(`/fail/${'x'.repeat(500)}`)).json().detail).toHaveLength(200);
  });

  test('that names the scheme of a missing token', async () => {
    expect((await charge({}, { authorization: '' })).headers['www-authenticate']).toBe('Bearer');
  });
});

describe('failures', () => {
  test('a problem is the answer', async () => {
    const response = await app.inject('/fail/refused');
    expect(response.statusCode).toBe(409);
    expect(response.headers['retry-after']).toBe('2');
    expect(response.json()).toMatchObject({
      code: 'seat-locked',
      detail: 'Somebody else is at it.',
      seat: 'A1',
    });
  });

  test('a bug is internal, and tells nothing', async () => {
    const response = await app.inject('/fail/bug');
    expect(response.json()).toMatchObject({ status: 500, code: 'internal' });
    expect(response.body).not.toMatch(/secret/);
  });

  test('a database that is away for now is worth another try', async () => {
    const response = await app.inject('/fail/database');
    expect(response.json()).toMatchObject({ status: 503, code: 'unavailable' });
    expect(response.headers['retry-after']).toBe('1');
  });
});

describe('health', () => {
  test('live, and ready with what was checked', async () => {
    const healthy = await build({ kafka: async () => undefined, postgres: async () => undefined });
    expect((await healthy.inject('/health/live')).json()).toEqual({ status: 'alive' });
    expect((await healthy.inject('/health/ready')).json()).toEqual({
      status: 'ready',
      checks: { kafka: 'ok', postgres: 'ok' },
    });
  });

  test('not ready when a check fails or hangs', async () => {
    const ill = await build({
      kafka: async () => undefined,
      postgres: async () => Promise.reject(new Error('down')),
      redis: () => new Promise(() => undefined),
    });
    const response = await ill.inject('/health/ready');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({
      code: 'unavailable',
      checks: { kafka: 'ok', postgres: 'failed', redis: 'failed' },
    });
    expect((await ill.inject('/health/live')).statusCode).toBe(200);
  });

  test('many probes are one check, until a moment later', async () => {
    let count = 0;
    const counted = await build({
      kafka: async () => {
        count += 1;
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => counted.inject('/health/ready')));
    expect(count).toBe(1);
    await delay(300);
    await counted.inject('/health/ready');
    expect(count).toBe(2);
  });
});

describe('OpenAPI', () => {
  test('documents the routes, who needs a token, and health', async () => {
    const document = (await app.inject('/docs/json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/charges', '/health/live', '/health/ready']),
    );
    expect(document.paths['/charges'].post.security).toEqual([{ bearer: [] }]);
    expect(document.paths['/items'].get.security).toBeUndefined();
    expect(Object.keys(document.paths['/charges'].post.responses)).toEqual(
      expect.arrayContaining(['413', '415']),
    );
    expect(Object.keys(document.paths['/charges'])).toEqual(['post']);
    expect(document.paths['/charges'].post.responses['401'].content).toHaveProperty([
      'application/problem+json',
    ]);
    expect((await app.inject('/docs/')).statusCode).toBe(200);
    expect((await app.inject('/docs/static/swagger-ui.css')).statusCode).toBe(200);
  });
});

describe('what is hardly HTTP', () => {
  let listening: App;
  beforeAll(async () => {
    listening = await build();
    await listening.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(async () => await listening.close());

  const send = (bytes: string): Promise<string> => {
    const { port } = listening.server.address() as AddressInfo;
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.write(bytes, 'latin1');
    return text(socket);
  };

  test.each([
    ['is no request at all', '\x00\xff nonsense\r\n\r\n', 400, 'not-http'],
    ['follows a request', 'GET /items HTTP/1.1\r\nHost: x\r\n\r\n\x00\xff\r\n\r\n', 400, 'not-http'],
    [
      'has two lengths',
      'POST /charges HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'not-http',
    ],
    [
      'has a long URL',
      `GET /items?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
      'headers-too-large',
    ],
    ['has long headers', `GET /items HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
  ])('and %s, is a problem', async (_, bytes, status, code) => {
    const [head = '', body = ''] = (await send(bytes)).split('\r\n\r\n').slice(-2);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code });
  });

  test('an expectation that nobody knows is ignored', async () => {
    const answer = await send(
      'GET /items HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 .*{"limit":20}$/s);
  });
});

describe('more requests under way than there may be', () => {
  let full: App;
  let port: number;
  beforeEach(async () => {
    full = await build({}, 2);
    port = Number(new URL(await full.listen({ port: 0, host: '127.0.0.1' })).port);
  });
  afterEach(async () => await full.close());

  test('are refused with Retry-After, and those after them served again', async () => {
    const underWay = [full.inject('/slow'), full.inject('/slow')];
    await eventually('both', () => slow.begun === 2);
    const refused = await full.inject('/items');
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json()).toMatchObject({ code: 'overloaded' });
    expect((await full.inject('/health/live')).statusCode).toBe(200);
    expect((await full.inject('/unlimited')).statusCode).toBe(200);
    slow.letGo();
    for (const response of await Promise.all(underWay)) expect(response.statusCode).toBe(200);
    expect((await full.inject('/items')).statusCode).toBe(200);
  });

  test('are still under way when their clients have gone', async () => {
    const clients = [connect(port), connect(port)];
    for (const client of clients) client.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('both', () => slow.begun === 2);
    for (const client of clients) client.destroy();
    await delay(50);
    expect((await full.inject('/items')).statusCode).toBe(503);
    slow.letGo();
    await eventually('room', async () => (await full.inject('/items')).statusCode === 200);
  });

  test.each([
    ['are refused access', 'GET /fail/refused HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['are no requests at all', 'POST /charges HTTP/1.1\r\nHost: x\r\ncontent-length: 1\r\n\r\n{'],
    [
      'go away in the middle of a body',
      'POST /keyed HTTP/1.1\r\nHost: x\r\nidempotency-key: k\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
    ],
  ])('keep no place when they %s', async (_, request) => {
    for (let i = 0; i < 3; i++) {
      const client = connect(port);
      client.write(request);
      await delay(30);
      client.destroy();
    }
    // Once it has seen them go.
    await eventually('room', async () => (await full.inject('/items')).statusCode === 200);
  });
});

describe('a server that stops', () => {
  let stopping: App;
  let port: number;
  beforeEach(async () => {
    stopping = await build();
    port = Number(new URL(await stopping.listen({ port: 0, host: '127.0.0.1' })).port);
  });

  test('goes on for a while, but is not ready, and says goodbye with each answer', async () => {
    const stopped = stopServing(stopping, 5_000);
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '1']);
    const items = await fetch(`http://127.0.0.1:${port}/items`);
    expect([items.status, items.headers.get('connection')]).toEqual([200, 'close']);
    await stopped;
    await expect(fetch(`http://127.0.0.1:${port}/items`)).rejects.toThrow();
  });

  test('answers what has come before it closes, and closes what is idle', async () => {
    const client = connect(port);
    const received = text(client);
    const idle = text(connect(port));
    client.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('the request', () => slow.begun === 1);
    const stopped = stopServing(stopping, 0);
    await delay(50);
    slow.letGo();
    await stopped;
    expect(await received).toMatch(/^HTTP\/1.1 200 .*connection: close.*{"done":true}$/is);
    expect(await idle).toBe('');
  });
});
