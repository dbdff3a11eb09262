import { setTimeout as sleep } from 'node:timers/promises';
import { silent } from '@holdfast/launcher/terminal/report';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newUser } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';
import { startVisitors, unexpected } from './support/visitors.ts';

/** A process that is told to stop while it works: nobody may notice. Two instances of each service, under a steady load. */

let system: TestSystem;
/** What the launcher has to say of its processes. */
const said: string[] = [];

beforeAll(async () => {
  const services = ['orchestrator', 'reservation', 'payment', 'balance', 'token'] as const;
  system = await startTestSystem('shutdown', {
    instances: Object.fromEntries(services.map((service) => [service, 2])),
    report: { ...silent, say: (line) => said.push(line) },
    // The visitors come until a process has stopped, and keep what they have bought.
    env: { DRAIN_MS: '1000', MAX_SEATS_PER_USER: '1000', SAGA_STEP_ATTEMPTS: '4' },
    // Longer than its clients keep a connection that they don't use (undici: 4 s): nobody asks on one that is being closed.
    gatewayEnv: { DRAIN_MS: '5000' },
  });
}, 120_000);
afterAll(() => system.stop());

/** SIGTERM. @returns how the process ended, and after how many ms */
async function terminate(process: TestSystem['gateway']): Promise<{ how: string; ms: number }> {
  const { pid, name } = process;
  const startedAt = Date.now();
  process.kill('SIGTERM');
  await eventually(() => expect(process.pid).not.toBe(pid));
  const ms = Date.now() - startedAt;
  await eventually(async () => {
    const ready = await fetch(`${process.url}/health/ready`).catch(() => undefined);
    expect(ready?.status).toBe(200);
  }, 60_000);
  // With the other back, too, everything has to go on.
  await sleep(1_000);
  const how = said.findLast((line) => line.startsWith(`${name} died`)) ?? '';
  return { how: /\((.*)\)/.exec(how)?.[1] ?? '', ms };
}

/** How many have begun and completed, and the longest, in seconds. */
async function sagasSince(since: Date): Promise<{ all: number; completed: number; longest: number }> {
  const [sagas] = await system.sql(
    `select count(*)::int as all, count(*) filter (where status = 'COMPLETED')::int as completed,
            coalesce(max(extract(epoch from ended_at - started_at)), 0)::float as longest
     from orchestrator.saga where started_at > $1`,
    [since],
  );
  return sagas;
}

describe('SIGTERM under load', () => {
  test.each(['token', 'balance', 'payment', 'reservation', 'orchestrator'] as const)(
    'to one of two instances of %s: it drains and exits, and no request and no saga suffers',
    async (service) => {
      const began = new Date();
      const visitors = await startVisitors(system, 8, 500);
      await visitors.haveMade(50);
      const usual = await sagasSince(began);
      const since = new Date();
      const end = await terminate(system.services[service][0] as TestSystem['gateway']).finally(
        visitors.leave,
      );

      expect(end).toEqual({ how: 'exit code 0', ms: expect.any(Number) });
      expect(end.ms).toBeLessThan(10_000);
      expect(unexpected(visitors.noted)).toEqual([]);
      const sagas = await sagasSince(since);
      expect(sagas.completed).toBe(sagas.all);
      // Some wait until the group has noticed that a member left, or came back: longer where the machine is busy.
      expect(sagas.longest).toBeLessThan(10 + 3 * usual.longest);
    },
    180_000,
  );

  test('to the gateway: what it has taken is answered, and nothing is cut', async () => {
    const visitors = await startVisitors(system, 8, 500);
    await visitors.haveMade(50);
    const end = await terminate(system.gateway).finally(visitors.leave);
    expect(end.how).toBe('exit code 0');
    expect(end.ms).toBeLessThan(10_000);
    expect(unexpected(visitors.noted)).toEqual([]);
  }, 180_000);

  test('to an orchestrator whose clients wait for long: they are told where to look, and the other ends their sagas', async () => {
    const nextSeat = await system.seatSource();
    // One for each of the two, which take turns; and nobody answers what they ask.
    const waiting = [0, 1].map(async () => {
      const user = await newUser(system.url);
      const { concertId, concertSeatId } = nextSeat();
      const queueToken = await user.queue({ concertId });
      // Longer than the saga takes to fail and be undone, also where the group has to find together meanwhile.
      const answer = await user.reserve(concertSeatId, {
        queueToken,
        fault: 'reservation.hold=timeout',
        prefer: 'wait=30',
      });
      return { user, answer };
    });
    await eventually(async () => {
      const underWay = await system.sql(
        `select distinct instance from orchestrator.saga where status = 'RUNNING'`,
      );
      expect(underWay).toHaveLength(2);
    });
    const end = await terminate(system.services.orchestrator[0] as TestSystem['gateway']);
    expect(end.how).toBe('exit code 0');
    expect(end.ms).toBeLessThan(10_000);

    const answers = await Promise.all(waiting);
    const statuses = answers.map(({ answer }) => answer.status).sort();
    expect(statuses).toEqual([202, 503]);
    for (const { user, answer } of answers) {
      const { sagaId } = answer.body;
      if (answer.status === 202) expect(answer.headers.get('location')).toBe(`/v1/sagas/${sagaId}`);
      await eventually(async () => {
        const { body } = await user.call('GET', `/v1/sagas/${sagaId}`);
        expect(body.status).toBe('COMPENSATED');
      });
    }
  }, 180_000);
});
