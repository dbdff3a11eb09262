import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { silent } from '@holdfast/launcher/terminal/report';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, newUser, type Seat, type User } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { startTestSystem, type TestSystem } from './support/system.ts';

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
    env: { DRAIN_MS: '1000', MAX_SEATS_PER_USER: '1000' },
    gatewayEnv: { DRAIN_MS: '1000' },
  });
}, 120_000);
afterAll(() => system.stop());

type Noted = { what: string; status: number; code?: string; ms: number };

/** Visitors who come all the time and look, charge, hold and pay; what they are answered is noted. */
async function startVisitors(visitors: number, everyMs: number) {
  const nextSeat = await system.seatSource();
  const noted: Noted[] = [];
  let leaving = false;

  async function note(what: string, request: Promise<Answer>): Promise<Answer> {
    const startedAt = Date.now();
    const answer = await request.catch((error: Error) => ({
      status: 0,
      headers: new Headers(),
      body: { code: String(error.cause ?? error) },
    }));
    noted.push({ what, status: answer.status, code: answer.body?.code, ms: Date.now() - startedAt });
    return answer;
  }

  async function visit(user: User, { concertId, concertSeatId }: Seat): Promise<void> {
    const ask = (method: string, path: string, options = {}) =>
      note(
        `${method} ${path.replace(/[0-9a-f-]{36}/, '{id}')}`,
        connecting(() => user.call(method, path, options)),
      );
    await ask('POST', '/v1/balance/charges', {
      body: { amount: 200_000, currency: 'KRW' },
      key: randomUUID(),
    });
    const { body: toHold } = await ask('POST', '/v1/tokens', { body: { concertId } });
    // Without an Idempotency-Key: nobody but the client may send it a second time.
    const { body: held } = await ask('POST', '/v1/reservations', {
      body: { concertSeatIds: [concertSeatId] },
      queueToken: toHold.token,
    });
    // A saga that goes on without its client has made the reservation of the same id.
    const reservationId = held.sagaId;
    await ended(held.sagaId);
    await ask('GET', `/v1/reservations/${reservationId}`);
    const { body: toPay } = await ask('POST', '/v1/tokens', { body: { reservationId } });
    const { body: paid } = await ask('POST', '/v1/payments', {
      body: { reservationId },
      queueToken: toPay.token,
      key: randomUUID(),
    });
    await ended(paid.sagaId);
    if (paid.paymentId) await ask('GET', `/v1/payments/${paid.paymentId}`);
    await ask('GET', '/v1/balance');

    async function ended(sagaId: string): Promise<void> {
      await eventually(async () => {
        const { body } = await ask('GET', `/v1/sagas/${sagaId}`);
        expect(body).toMatchObject({ status: 'COMPLETED' });
      });
    }
  }

  const running = Array.from({ length: visitors }, async () => {
    const user = await newUser(system.url);
    while (!leaving) await Promise.all([visit(user, nextSeat()), sleep(everyMs)]);
  });
  return {
    noted,
    /** Waits until so many requests were answered. */
    haveMade: (count: number) => eventually(() => expect(noted.length).toBeGreaterThan(count), 60_000),
    leave: async () => {
      leaving = true;
      await Promise.all(running);
    },
  };
}

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

const unexpected = (noted: readonly Noted[]): Noted[] =>
  noted.filter(({ status }) => ![200, 201, 202].includes(status));

/**
 * A gateway that is away takes no connection: its client, or what balances the load before it, simply tries again. So it
 * does where the kernel had taken one that the process never saw: that is reset when the port closes. What the process
 * has taken and cuts shows as another error (UND_ERR_SOCKET).
 */
async function connecting(request: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
      if (code !== 'ECONNREFUSED' && code !== 'ECONNRESET') throw error;
      await sleep(50);
    }
  }
}

describe('SIGTERM under load', () => {
  test.each(['token', 'balance', 'payment', 'reservation', 'orchestrator'] as const)(
    'to one of two instances of %s: it drains and exits, and no request and no saga suffers',
    async (service) => {
      const began = new Date();
      const visitors = await startVisitors(8, 500);
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
      expect(sagas.longest).toBeLessThan(5 + 3 * usual.longest);
    },
    180_000,
  );

  test('to the gateway: what it has taken is answered, and nothing is cut', async () => {
    const visitors = await startVisitors(8, 500);
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
      const answer = await user.reserve(concertSeatId, { queueToken, fault: 'reservation.hold=timeout' });
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
