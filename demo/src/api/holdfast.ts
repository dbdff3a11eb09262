import type { Answer, Call } from './client.ts';
import { busy } from './persist.ts';
import type {
  Balance,
  Concert,
  Held,
  Money,
  Page,
  Paid,
  Payment,
  Performance,
  Saga,
  Seat,
  Token,
  User,
} from './types.ts';

/** A POST whose answer depends on who sends it, and when. */
type Attempt = { expect: readonly string[]; key?: string; fault?: string | undefined; step?: string };

/** The API, one function a call. */
export function holdfast(call: Call) {
  return {
    health: () => call({ step: 'health', method: 'GET', path: '/health/ready', expect: ['200'] }),

    /** An unknown fault is told apart from a refused one, and starts no saga. */
    probeFaults: (user: User) =>
      call({
        step: 'probe for failures on demand',
        method: 'POST',
        path: '/v1/reservations',
        as: user,
        queueToken: 'none',
        fault: 'none=none',
        body: { concertSeatIds: ['00000000-0000-4000-8000-000000000000'] },
        expect: ['400 validation', '403 faults-disabled'],
      }),

    makeUser: (name: string) =>
      call<User>({
        step: 'make a user',
        method: 'POST',
        path: '/v1/dev/users',
        body: { name },
        expect: ['201', ...busy],
      }),

    charge: (user: User, { amount, currency }: Money, { key, expect, step }: Attempt & { key: string }) =>
      call<Balance>({
        step: step ?? 'charge',
        method: 'POST',
        path: '/v1/balance/charges',
        as: user,
        idempotencyKey: key,
        body: { amount, currency },
        expect: [...expect, ...busy],
      }),

    balance: (user: User) =>
      call<Balance>({ step: 'balance', method: 'GET', path: '/v1/balance', as: user, expect: ['200'] }),

    concerts: (query: string) =>
      call<Page<Concert>>({
        step: 'catalogue',
        method: 'GET',
        path: `/v1/concerts?${query}`,
        expect: ['200'],
      }),

    performances: (concertId: string, query: string) =>
      call<Page<Performance>>({
        step: 'catalogue',
        method: 'GET',
        path: `/v1/concerts/${concertId}/performances?${query}`,
        expect: ['200'],
      }),

    seats: (performanceId: string, query: string) =>
      call<Page<Seat>>({
        step: 'catalogue',
        method: 'GET',
        path: `/v1/performances/${performanceId}/seats?${query}`,
        expect: ['200'],
      }),

    issueToken: (
      user: User,
      subject: { concertId: string } | { reservationId: string },
      { expect, step }: Attempt,
    ) =>
      call<Token>({
        step: step ?? ('concertId' in subject ? 'join the queue' : 'ask to pay'),
        method: 'POST',
        path: '/v1/tokens',
        as: user,
        body: subject,
        expect: [...expect, ...busy],
      }),

    myToken: (user: User, token: string) =>
      call<Token>({
        step: 'wait in the queue',
        method: 'GET',
        path: '/v1/tokens/me',
        as: user,
        queueToken: token,
        expect: ['200', ...busy],
      }),

    leave: (user: User, token: string) =>
      call({
        step: 'leave',
        method: 'DELETE',
        path: '/v1/tokens/me',
        as: user,
        queueToken: token,
        expect: ['204', ...busy],
      }),

    reserve: (
      user: User,
      token: string,
      concertSeatIds: readonly string[],
      { key, fault, expect, step }: Attempt,
    ) =>
      call<Held>({
        step: step ?? 'reserve',
        method: 'POST',
        path: '/v1/reservations',
        as: user,
        queueToken: token,
        idempotencyKey: key,
        fault,
        body: { concertSeatIds },
        expect: [...expect, '202', ...busy],
      }),

    pay: (user: User, token: string, reservationId: string, { key, fault, expect, step }: Attempt) =>
      call<Paid>({
        step: step ?? 'pay',
        method: 'POST',
        path: '/v1/payments',
        as: user,
        queueToken: token,
        idempotencyKey: key,
        fault,
        body: { reservationId },
        expect: [...expect, '202', ...busy],
      }),

    payment: (user: User, paymentId: string) =>
      call<Payment>({
        step: 'payment',
        method: 'GET',
        path: `/v1/payments/${paymentId}`,
        as: user,
        expect: ['200'],
      }),

    saga: (user: User, sagaId: string): Promise<Answer<Saga>> =>
      call<Saga>({ step: 'saga', method: 'GET', path: `/v1/sagas/${sagaId}`, as: user, expect: ['200'] }),
  };
}

export type Holdfast = ReturnType<typeof holdfast>;
