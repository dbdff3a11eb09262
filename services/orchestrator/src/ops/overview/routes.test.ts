import { randomUUID } from 'node:crypto';
import { buildApp } from '@holdfast/shared/http/app';
import { createLogger } from '@holdfast/shared/process/logger';
import { bearer, testSecret } from '@holdfast/shared/testing/api';
import { expect, test } from '@jest/globals';
import { overviewRoutes } from './routes.ts';
import type { Overview } from './shapes.ts';
import type { OverviewSource } from './watch.ts';

test('who has followed the overview takes no place from other requests', async () => {
  const overview: OverviewSource = {
    current: async () => ({ at: new Date().toISOString() }) as Overview,
    watch: () => () => undefined,
    stop: async () => undefined,
  };
  const app = await buildApp({
    service: 'test',
    description: 'For tests',
    config: { JWT_SECRET: testSecret, MAX_REQUESTS_IN_FLIGHT: 1 },
    checks: {},
    routes: (app) => overviewRoutes(app, { overview }),
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const headers = await bearer(randomUUID(), ['viewer']);
  for (let i = 0; i < 3; i++) {
    const leaving = new AbortController();
    const response = await fetch(`${origin}/ops/v1/overview/events`, { headers, signal: leaving.signal });
    expect(response.status).toBe(200);
    leaving.abort();
  }
  expect((await app.inject({ url: '/docs/json' })).statusCode).toBe(200);
  const closed = app.close();
  // A client that has aborted connects anew, and to Node a connection without a request isn't idle.
  app.server.closeAllConnections();
  await closed;
});
