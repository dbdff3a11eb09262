import { createClient, newKey } from '@holdfast/client/client';
import { dataOf } from '@holdfast/client/problem';
import type { Concert, Performance, Seat as SeatOnSale } from '@holdfast/client/types';

/** Users as the tests need them, by the client that every buyer's is made with. */

export type Answer = {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any;
};

export type CallOptions = {
  body?: unknown;
  accessToken?: string;
  queueToken?: string;
  key?: string;
  prefer?: string;
  fault?: string;
};

/** A request that the typed client wouldn't make: of any path, with any body. */
export async function call(
  url: string,
  method: string,
  path: string,
  { body, accessToken, queueToken, key, prefer, fault }: CallOptions = {},
): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (accessToken !== undefined) headers.authorization = `Bearer ${accessToken}`;
  if (queueToken !== undefined) headers['queue-token'] = queueToken;
  if (key !== undefined) headers['idempotency-key'] = key;
  if (prefer !== undefined) headers.prefer = prefer;
  if (fault !== undefined) headers['holdfast-fault'] = fault;
  const response = await fetch(url + path, {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}

export type User = {
  userId: string;
  accessToken: string;
  call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
  /** An active queue token for a concert, or to pay a reservation. */
  queue: (what: { concertId: string } | { reservationId: string }) => Promise<string>;
  /** A seat, or several together. */
  reserve: (
    seats: string | readonly string[],
    options: CallOptions & { queueToken: string },
  ) => Promise<Answer>;
  pay: (reservationId: string, options?: CallOptions) => Promise<Answer>;
  balance: () => Promise<number>;
};

/** A new user of the development endpoint, with `charged` minor units on the balance. */
export async function newUser(url: string, charged = 1_000_000): Promise<User> {
  const made = createClient({ url }).POST('/v1/dev/users', { body: { name: 'test' } });
  const { userId, accessToken } = await dataOf(made);
  const client = createClient({ url, accessToken });

  const user: User = {
    userId,
    accessToken,
    call: (method, path, options) => call(url, method, path, { accessToken, ...options }),
    queue: async (what) => {
      const { status, token } = await dataOf(client.POST('/v1/tokens', { body: what }));
      if (status !== 'ACTIVE') throw new Error(`no active token: ${status}`);
      return token;
    },
    reserve: async (seats, { queueToken, ...options }) => {
      const header = { 'queue-token': queueToken, ...headersOf(options) };
      const body = { concertSeatIds: [seats].flat() };
      return answerOf(await client.POST('/v1/reservations', { params: { header }, body }));
    },
    pay: async (reservationId, { queueToken, key, ...options } = {}) => {
      const header = {
        'queue-token': queueToken ?? (await user.queue({ reservationId })),
        'idempotency-key': key ?? newKey(),
        ...headersOf(options),
      };
      return answerOf(await client.POST('/v1/payments', { params: { header }, body: { reservationId } }));
    },
    balance: async () => (await dataOf(client.GET('/v1/balance'))).balance.amount,
  };
  if (charged > 0) {
    const charge = client.POST('/v1/balance/charges', {
      params: { header: { 'idempotency-key': newKey() } },
      body: { amount: charged, currency: 'KRW' },
    });
    await dataOf(charge);
  }
  return user;
}

const headersOf = ({ key, prefer, fault }: Pick<CallOptions, 'key' | 'prefer' | 'fault'>) => ({
  ...(key !== undefined && { 'idempotency-key': key }),
  ...(prefer !== undefined && { prefer }),
  ...(fault !== undefined && { 'holdfast-fault': fault }),
});

const answerOf = (answer: { data?: unknown; error?: unknown; response: Response }): Answer => ({
  status: answer.response.status,
  headers: answer.response.headers,
  body: answer.data ?? answer.error,
});

export type Seat = SeatOnSale & { concertId: string };

/** Hands out seats that nobody has had yet. */
export async function seatSource(url: string): Promise<() => Seat> {
  const client = createClient({ url });
  const concerts = await dataOf(client.GET('/v1/concerts'));
  const { concertId } = concerts.items[0] as Concert;
  const performances = await dataOf(
    client.GET('/v1/concerts/{concertId}/performances', { params: { path: { concertId } } }),
  );
  const { performanceId } = performances.items[0] as Performance;
  const free: Omit<Seat, 'concertId'>[] = [];
  let cursor: string | undefined;
  do {
    const page = await dataOf(
      client.GET('/v1/performances/{performanceId}/seats', {
        params: { path: { performanceId }, query: { limit: 500, ...(cursor !== undefined && { cursor }) } },
      }),
    );
    free.push(...page.items.filter(({ status }) => status === 'AVAILABLE'));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return () => {
    const seat = free.pop();
    if (!seat) throw new Error('no seats left for this test');
    return { ...seat, concertId };
  };
}

export type Held = Seat & { reservationId: string; sagaId: string };

/** Queues for a seat and holds it. */
export async function hold(user: User, seat: Seat): Promise<Held> {
  const queueToken = await user.queue({ concertId: seat.concertId });
  const answer = await user.reserve(seat.concertSeatId, { queueToken, prefer: 'wait=30' });
  if (answer.status !== 201) throw new Error(`not held: ${answer.status} ${JSON.stringify(answer.body)}`);
  return { ...seat, reservationId: answer.body.reservationId, sagaId: answer.body.sagaId };
}

/** Queues and holds seats of one concert as one reservation; the price is that of all. */
export async function holdTogether(
  user: User,
  seats: readonly Seat[],
): Promise<{ reservationId: string; concertSeatIds: string[]; price: number }> {
  const queueToken = await user.queue({ concertId: (seats[0] as Seat).concertId });
  const ids = seats.map(({ concertSeatId }) => concertSeatId);
  const answer = await user.reserve(ids, { queueToken, prefer: 'wait=30' });
  if (answer.status !== 201) throw new Error(`not held: ${answer.status} ${JSON.stringify(answer.body)}`);
  const { reservationId, concertSeatIds, price } = answer.body;
  return { reservationId, concertSeatIds, price: price.amount };
}
