import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';
import { startVisitors, unexpected } from './support/visitors.ts';

/** Two instances of each service, all replaced under a steady load as an update does it: of each service one at a time. */

let system: TestSystem;
const services = ['token', 'balance', 'payment', 'reservation', 'orchestrator'] as const;

beforeAll(async () => {
  system = await startTestSystem('rolling-restart', {
    instances: Object.fromEntries(services.map((service) => [service, 2])),
    // Where five processes begin at once, those that are there may be slow.
    env: { DRAIN_MS: '1000', MAX_SEATS_PER_USER: '1000', SAGA_STEP_ATTEMPTS: '6' },
  });
}, 120_000);
afterAll(() => system.stop());

async function replace(instance: TestSystem['gateway']): Promise<void> {
  const { pid } = instance;
  instance.kill('SIGTERM');
  await eventually(() => expect(instance.pid ?? pid).not.toBe(pid));
  await eventually(async () => {
    const ready = await fetch(`${instance.url}/health/ready`).catch(() => undefined);
    expect(ready?.status).toBe(200);
  }, 60_000);
}

test('every instance is replaced, and no request and no saga suffers', async () => {
  const since = new Date();
  const visitors = await startVisitors(system, 6, 500);
  await visitors.haveMade(50);
  try {
    await Promise.all(
      services.map(async (service) => {
        for (const instance of system.services[service]) await replace(instance);
      }),
    );
  } finally {
    await visitors.leave();
  }

  expect(unexpected(visitors.noted)).toEqual([]);
  expect(services.flatMap((service) => system.services[service]).map(({ restarts }) => restarts)).toEqual(
    Array(10).fill(1),
  );
  await eventually(async () => {
    const sagas = await system.sql(
      'select status, count(*)::int as sagas from orchestrator.saga where started_at > $1 group by status',
      [since],
    );
    expect(sagas).toEqual([{ status: 'COMPLETED', sagas: expect.any(Number) }]);
  });
}, 180_000);
