import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { PromiseName, Violation } from '../check/violation.ts';
import type { Call } from '../history/history.ts';
import type { Answer, User } from '../load/client.ts';
import { queueFor } from '../load/queue.ts';
import { makeUsers } from '../load/users.ts';
import { insertSeats, type Seat } from '../system/catalogue.ts';
import type { Mutation } from './mutations.ts';
import { type MutatedSystem, startMutated } from './system.ts';

/**
 * Can the checker fail? A built system, run as it is, keeps every promise though all its commands come once more; with
 * one rule broken it doesn't, and the checker sees it.
 */
const cases: [name: string, mutation: Mutation | undefined, broken: PromiseName[]][] = [
  ['a sound build', undefined, []],
  ['a build with the inbox switched off', 'no inbox', ['money', 'messages']],
  ['a build without tombstones', 'no tombstone', ['money']],
  [
    'a build that releases the lock before the end of the compensation',
    "lock released before the compensation's end",
    ['sagas'],
  ],
];

test.each(cases)(
  'the checker judges %s',
  async (_, mutation, broken) => {
    const system = await startMutated(mutation);
    try {
      // The inbox isn't all that keeps money from going twice: the table's own last word is taken away as well.
      await system.postgres.query('alter table balance.ledger drop constraint ledger_command_id_key');
      await load(system);
      await system.replayCommands();
      await system.rest();
      const violations = await system.conclude();
      if (mutation === undefined) expect(violations).toEqual([]);
      else expect(promisesOf(violations)).toEqual(expect.arrayContaining(broken));
    } finally {
      await system.stop();
    }
  },
  240_000,
);

const promisesOf = (violations: readonly Violation[]): PromiseName[] => [
  ...new Set(violations.map(({ promise }) => promise)),
];

/** Each of these users holds a seat and pays for it, with a failure on demand or without. */
const sessions: { hold?: string; pay?: string; rival?: true }[] = [
  {},
  {},
  { hold: 'reservation.hold=timeout' },
  { pay: 'balance.deduct=timeout' },
  { pay: 'reservation.confirm=reject' },
  { pay: 'payment.create=timeout-after' },
  // Its compensation is never acknowledged: its seat stays locked until the command comes again.
  { pay: 'reservation.confirm=reject,payment.cancel=timeout', rival: true },
];

const tries = 10;

/** Plays them at once. Where the machine is too busy for a session that nothing was asked to fail, it is tried again. */
async function load(system: MutatedSystem): Promise<void> {
  const seats = await insertSeats(system.postgres, sessions.length * tries);
  const [, ...users] = await makeUsers(system.client, system.url, sessions.length + 2);
  const rival = users.pop() as User;
  await Promise.all(
    sessions.map(async ({ hold, pay, rival: hasRival }, i) => {
      const user = users[i] as User;
      await post(system, user, 'charge', '/v1/balance/charges', { amount: 200_000, currency: 'KRW' });
      for (let number = 0; number < tries; number++) {
        const seat = seats[i * tries + number] as Seat;
        const held = await holdSeat(system, user, seat, hold);
        const paid = held?.status === 201 ? await payFor(system, user, held, pay) : undefined;
        if (hasRival && paid) await holdSeat(system, rival, seat, undefined);
        if (hold || paid?.status === 201 || (pay && paid)) return;
      }
      throw new Error('a session never came to its payment: the run would show nothing');
    }),
  );
}

async function holdSeat(system: MutatedSystem, user: User, seat: Seat, fault: string | undefined) {
  const place = await queueFor(system.client, user, { concertId: seat.concertId });
  return post(
    system,
    user,
    'hold',
    '/v1/reservations',
    { concertSeatIds: [seat.concertSeatId] },
    place?.token,
    fault,
  );
}

async function payFor(system: MutatedSystem, user: User, held: Answer, fault: string | undefined) {
  const { reservationId } = held.body;
  const place = await queueFor(system.client, user, { reservationId });
  return post(system, user, 'pay', '/v1/payments', { reservationId }, place?.token, fault);
}

const post = (
  { client }: MutatedSystem,
  user: User,
  operation: 'charge' | 'hold' | 'pay',
  path: string,
  body: Call['request'],
  queueToken?: string,
  fault?: string,
): Promise<Answer | undefined> =>
  client.send({
    operation,
    user,
    method: 'POST',
    path,
    body,
    key: randomUUID(),
    ...(queueToken !== undefined && { queueToken }),
    fault,
  });
