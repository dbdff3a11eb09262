import type { Money, User } from '@holdfast/client/types';
import type { Call } from './client.ts';
import { busy } from './persist.ts';

/** A POST whose answer depends on who sends it, and when. */
type Attempt = { expect: readonly string[]; key?: string; fault?: string | undefined; step?: string };

/** A page of a list. */
export type PageQuery = { limit: number; cursor?: string };

/** The API, one function a call. */
export function holdfast(call: Call) {
  return {
    /** An unknown fault is told apart from a refused one, and starts no saga. */
    probeFaults: (user: User) =>
      call({
        step: 'probe for failures on demand',
        as: user,
        ask: (client) =>
          client.POST('/v1/reservations', {
            params: { header: { 'queue-token': 'none', 'holdfast-fault': 'none=none' } },
            body: { concertSeatIds: ['00000000-0000-4000-8000-000000000000'] },
          }),
        expect: ['400 validation', '403 faults-disabled'],
      }),

    makeUser: (name: string) =>
      call({
        step: 'make a user',
        ask: (client) => client.POST('/v1/dev/users', { body: { name } }),
        expect: ['201', ...busy],
      }),

    charge: (user: User, { amount, currency }: Money, { key, expect, step }: Attempt & { key: string }) =>
      call({
        step: step ?? 'charge',
        as: user,
        ask: (client) =>
          client.POST('/v1/balance/charges', {
            params: { header: { 'idempotency-key': key } },
            body: { amount, currency },
          }),
        expect: [...expect, ...busy],
      }),

    balance: (user: User) =>
      call({ step: 'balance', as: user, ask: (client) => client.GET('/v1/balance'), expect: ['200'] }),

    concerts: (query: PageQuery) =>
      call({
        step: 'catalogue',
        ask: (client) => client.GET('/v1/concerts', { params: { query } }),
        expect: ['200'],
      }),

    performances: (concertId: string, query: PageQuery) =>
      call({
        step: 'catalogue',
        ask: (client) =>
          client.GET('/v1/concerts/{concertId}/performances', { params: { path: { concertId }, query } }),
        expect: ['200'],
      }),

    seats: (performanceId: string, query: PageQuery) =>
      call({
        step: 'catalogue',
        ask: (client) =>
          client.GET('/v1/performances/{performanceId}/seats', {
            params: { path: { performanceId }, query },
          }),
        expect: ['200'],
      }),

    issueToken: (
      user: User,
      subject: { concertId: string } | { reservationId: string },
      { expect, step }: Attempt,
    ) =>
      call({
        step: step ?? ('concertId' in subject ? 'join the queue' : 'ask to pay'),
        as: user,
        ask: (client) => client.POST('/v1/tokens', { body: subject }),
        expect: [...expect, ...busy],
      }),

    myToken: (user: User, token: string) =>
      call({
        step: 'wait in the queue',
        as: user,
        ask: (client) => client.GET('/v1/tokens/me', { params: { header: { 'queue-token': token } } }),
        expect: ['200', ...busy],
      }),

    leave: (user: User, token: string) =>
      call({
        step: 'leave',
        as: user,
        ask: (client) => client.DELETE('/v1/tokens/me', { params: { header: { 'queue-token': token } } }),
        expect: ['204', ...busy],
      }),

    reserve: (user: User, token: string, concertSeatIds: string[], { key, fault, expect, step }: Attempt) =>
      call({
        step: step ?? 'reserve',
        as: user,
        fault,
        ask: (client) =>
          client.POST('/v1/reservations', {
            params: { header: headersOf({ token, key, fault }) },
            body: { concertSeatIds },
          }),
        expect: [...expect, '202', ...busy],
      }),

    pay: (
      user: User,
      token: string,
      reservationId: string,
      { key, fault, expect, step }: Attempt & { key: string },
    ) =>
      call({
        step: step ?? 'pay',
        as: user,
        fault,
        ask: (client) =>
          client.POST('/v1/payments', {
            params: { header: { ...headersOf({ token, fault }), 'idempotency-key': key } },
            body: { reservationId },
          }),
        expect: [...expect, '202', ...busy],
      }),

    payment: (user: User, paymentId: string) =>
      call({
        step: 'payment',
        as: user,
        ask: (client) => client.GET('/v1/payments/{paymentId}', { params: { path: { paymentId } } }),
        expect: ['200'],
      }),

    saga: (user: User, sagaId: string) =>
      call({
        step: 'saga',
        as: user,
        ask: (client) => client.GET('/v1/sagas/{sagaId}', { params: { path: { sagaId } } }),
        expect: ['200'],
      }),
  };
}

type Headers = { token: string; key?: string | undefined; fault: string | undefined };

const headersOf = ({ token, key, fault }: Headers) => ({
  'queue-token': token,
  ...(key !== undefined && { 'idempotency-key': key }),
  ...(fault !== undefined && { 'holdfast-fault': fault }),
});

export type Holdfast = ReturnType<typeof holdfast>;
