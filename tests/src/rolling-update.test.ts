import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Build, buildsByInstance } from './support/build/builds.ts';
import { call, hold, newUser, type Seat, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

/** Two instances of the orchestrator that know the first version of the pay saga are replaced by the build of today, which has both. */

const old: Build = { pay2: false };
const knowing: Build = { pay2: true, env: { SAGAS_BEGIN_BY: 'pay@1' } };
const using: Build = { pay2: true };

let system: TestSystem;
let nextSeat: () => Seat;
const builds = buildsByInstance();
type Instance = TestSystem['gateway'];
const instance = (number: 0 | 1): Instance => system.services.orchestrator[number] as Instance;

beforeAll(async () => {
  system = await startTestSystem('rolling-update', {
    instances: { orchestrator: 2 },
    // A step waits for longer than all instances take to be replaced.
    env: { ...builds.env, SAGA_STEP_TIMEOUT_MS: '2000', SAGA_STEP_ATTEMPTS: '6', DRAIN_MS: '500' },
  });
  nextSeat = await system.seatSource();
}, 120_000);
afterAll(async () => {
  await system.stop();
  builds.forget();
});

/** Replaces an instance by one of another build. */
async function replace(instance: Instance, build: Build): Promise<void> {
  await restart(instance, build);
  await eventually(async () => {
    const ready = await fetch(`${instance.url}/health/ready`).catch(() => undefined);
    expect(ready?.status).toBe(200);
  }, 60_000);
}

async function restart(instance: Instance, build: Build): Promise<void> {
  const { pid } = instance;
  builds.put(instance, build);
  instance.kill('SIGTERM');
  await eventually(() => expect(instance.pid ?? pid).not.toBe(pid));
}

/** Keeps payments from being created, so that their sagas stay in flight. */
async function holdUpPayments(): Promise<{ letGo: () => Promise<void> }> {
  const client = new pg.Client({ connectionString: system.adminPostgresUrl });
  await client.connect();
  await client.query('begin');
  await client.query('lock table payment.payment in access exclusive mode');
  return { letGo: () => client.end() };
}

type Payment = { user: User; sagaId: string };

/** Begins a payment at an instance, or at any, and waits until it waits for the payment service. */
async function beginPayment(url = system.url): Promise<Payment> {
  const user = await newUser(system.url, 1_000_000);
  const held = await hold(user, nextSeat());
  const { body } = await call(url, 'POST', '/v1/payments', {
    body: { reservationId: held.reservationId },
    accessToken: user.accessToken,
    queueToken: await user.queue({ reservationId: held.reservationId }),
    key: randomUUID(),
    prefer: 'respond-async',
  });
  const { sagaId } = body;
  await eventually(async () => expect(await user.balance()).toBeLessThan(1_000_000));
  return { user, sagaId };
}

const beginPayments = (count: number): Promise<Payment[]> =>
  Promise.all(Array.from({ length: count }, () => beginPayment()));

async function versionsOf(payments: readonly Payment[]): Promise<number[]> {
  const rows = await system.sql(
    'select distinct definition_version as version from orchestrator.saga where saga_id = any($1) order by version',
    [payments.map(({ sagaId }) => sagaId)],
  );
  return rows.map(({ version }) => version);
}

/** How many steps were sent together with the first. */
async function sentAtOnce({ user, sagaId }: Payment): Promise<number> {
  const { body } = await user.call('GET', `/v1/sagas/${sagaId}`);
  const [first] = body.steps;
  return body.steps.filter(({ startedAt }: typeof first) => startedAt === first.startedAt).length;
}

async function completed(payments: readonly Payment[]): Promise<void> {
  for (const { user, sagaId } of payments)
    await eventually(async () => {
      const { status, body } = await user.call('GET', `/v1/sagas/${sagaId}`);
      expect({ status, is: body.status }).toEqual({ status: 200, is: 'COMPLETED' });
    }, 60_000);
}

test('what the old build began is finished by the new one, which begins by the new version', async () => {
  const heldUp = await holdUpPayments();
  const byOld = await beginPayments(4);

  await replace(instance(0), knowing);
  const beside = await beginPayments(4);
  await replace(instance(1), knowing);
  const byKnowing = await beginPayments(2);
  expect(await versionsOf([...byOld, ...beside, ...byKnowing])).toEqual([1]);

  await replace(instance(0), using);
  const mixed = await Promise.all([instance(0), instance(1)].map(({ url }) => beginPayment(url)));
  expect(await versionsOf(mixed)).toEqual([1, 2]);
  await replace(instance(1), using);
  const byUsing = await beginPayments(4);
  expect(await versionsOf(byUsing)).toEqual([2]);

  await heldUp.letGo();
  await completed([...byOld, ...beside, ...byKnowing, ...mixed, ...byUsing]);
  expect(await sentAtOnce(byOld[0] as Payment)).toBe(1);
  expect(await sentAtOnce(byUsing[0] as Payment)).toBe(3);
}, 180_000);

test('an old build does not start over what it could not finish, and does once that has ended', async () => {
  const heldUp = await holdUpPayments();
  const payment = await beginPayment(instance(0).url);
  expect(await versionsOf([payment])).toEqual([2]);
  await restart(instance(1), old);
  await eventually(() =>
    expect(readFileSync(instance(1).logFile, 'utf8')).toContain('no definition pay@2 in this build'),
  );
  await heldUp.letGo();
  await completed([payment]);
  await replace(instance(1), old);
}, 120_000);

test('an old build that runs leaves sagas of the new version alone', async () => {
  const payments = await Promise.all(Array.from({ length: 8 }, () => beginPayment(instance(0).url)));
  expect(await versionsOf(payments)).toEqual([2]);
  for (const { sagaId } of payments)
    await eventually(async () => {
      const [saga] = await system.sql('select status from orchestrator.saga where saga_id = $1', [sagaId]);
      expect(saga.status).toBe('COMPLETED');
    });
  expect(instance(1).pid).toBeDefined();
  await system.topics.caughtUp();
  expect(system.topics.seen.filter(({ topic }) => topic.endsWith('.dlq'))).toEqual([]);
}, 120_000);
