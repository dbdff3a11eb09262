import { setTimeout as sleep } from 'node:timers/promises';
import { instances } from '../faults/processes.ts';
import type { Answer, Client, User } from '../load/client.ts';
import { queueFor } from '../load/queue.ts';
import type { Seat } from '../system/catalogue.ts';
import type { Rig } from '../system/rig.ts';

/** A user with enough money, who holds a seat of their own and pays for it. */
export type Probe = {
  /** Holds and pays once, with a failure on demand or without. @returns whether both ended well */
  run: (fault?: string) => Promise<boolean>;
};

export function createProbe(client: Client, user: User, seats: readonly Seat[]): Probe {
  let runs = 0;

  return {
    async run(fault) {
      const run = runs++;
      const seat = seats[run % seats.length] as Seat;
      const post = { user, method: 'POST', fault } as const;
      const place = await queueFor(client, user, { concertId: seat.concertId });
      if (!place) return false;
      const held = await client.persist({
        ...post,
        operation: 'hold',
        path: '/v1/reservations',
        body: { concertSeatIds: [seat.concertSeatId] },
        key: `probe-${run}-hold`,
        queueToken: place.token,
      });
      if (held?.status !== 201) {
        await place.leave();
        return false;
      }
      return (await pay(client, user, held, `probe-${run}-pay`, fault))?.status === 201;
    },
  };
}

async function pay(
  client: Client,
  user: User,
  { body: { reservationId } }: Answer,
  key: string,
  fault: string | undefined,
): Promise<Answer | undefined> {
  const place = await queueFor(client, user, { reservationId });
  return (
    place &&
    client.persist({
      operation: 'pay',
      user,
      method: 'POST',
      path: '/v1/payments',
      body: { reservationId },
      key,
      queueToken: place.token,
      fault,
    })
  );
}

/** @returns when every process was ready and a probe's sagas had ended well, ms; undefined where that takes too long */
export async function untilRecovered(
  rig: Rig,
  probe: Probe,
  withinMs: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline && !signal.aborted) {
    if ((await allReady(rig)) && (await probe.run())) return Date.now();
    await sleep(100);
  }
  return undefined;
}

async function allReady(rig: Rig): Promise<boolean> {
  const processes = [...instances(rig), rig.system.gateway];
  const ready = await Promise.all(processes.map(({ url }) => isReady(url)));
  return !ready.includes(false);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
