import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { type Answer, newUser, type Seat, type User } from './client.ts';
import { eventually } from './eventually.ts';
import type { TestSystem } from './system.ts';

export type Noted = { what: string; status: number; code?: string; ms: number };

/** Visitors who come all the time and look, charge, hold and pay; what they are answered is noted. */
export async function startVisitors(system: TestSystem, visitors: number, everyMs: number) {
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
    // An answer that nobody expected is noted, and the end of this visit.
    if (!held.sagaId) return;
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
    if (!paid.sagaId) return;
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

export const unexpected = (noted: readonly Noted[]): Noted[] =>
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
