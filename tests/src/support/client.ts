import { randomUUID } from 'node:crypto';

/** A gateway client, as small as the tests need it. */

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
  const made = await call(url, 'POST', '/v1/dev/users', { body: { name: 'test' } });
  if (made.status !== 201) throw new Error(`no user: ${made.status} ${JSON.stringify(made.body)}`);
  const { userId, accessToken } = made.body as { userId: string; accessToken: string };

  const user: User = {
    userId,
    accessToken,
    call: (method, path, options) => call(url, method, path, { accessToken, ...options }),
    queue: async (what) => {
      const issued = await user.call('POST', '/v1/tokens', { body: what });
      if (issued.status !== 201 || issued.body.status !== 'ACTIVE')
        throw new Error(`no active token: ${issued.status} ${JSON.stringify(issued.body)}`);
      return issued.body.token;
    },
    reserve: (seats, options) =>
      user.call('POST', '/v1/reservations', { body: { concertSeatIds: [seats].flat() }, ...options }),
    pay: async (reservationId, options) =>
      user.call('POST', '/v1/payments', {
        body: { reservationId },
        key: randomUUID(),
        queueToken: options?.queueToken ?? (await user.queue({ reservationId })),
        ...options,
      }),
    balance: async () => (await user.call('GET', '/v1/balance')).body.balance.amount,
  };
  if (charged > 0) {
    const answer = await user.call('POST', '/v1/balance/charges', {
      body: { amount: charged, currency: 'KRW' },
      key: randomUUID(),
    });
    if (answer.status >= 300) throw new Error(`not charged: ${JSON.stringify(answer.body)}`);
  }
  return user;
}

export type Seat = { concertSeatId: string; concertId: string; price: { amount: number; currency: string } };

/** Hands out seats that nobody has had yet. */
export async function seatSource(url: string): Promise<() => Seat> {
  const { body: concerts } = await call(url, 'GET', '/v1/concerts');
  const { concertId } = concerts.items[0];
  const { body: performances } = await call(url, 'GET', `/v1/concerts/${concertId}/performances`);
  const { performanceId } = performances.items[0];
  const { body: seats } = await call(url, 'GET', `/v1/performances/${performanceId}/seats?limit=500`);
  const free = seats.items.filter(({ status }: { status: string }) => status === 'AVAILABLE');
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
  const answer = await user.reserve(seat.concertSeatId, { queueToken });
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
  const answer = await user.reserve(ids, { queueToken });
  if (answer.status !== 201) throw new Error(`not held: ${answer.status} ${JSON.stringify(answer.body)}`);
  const { reservationId, concertSeatIds, price } = answer.body;
  return { reservationId, concertSeatIds, price: price.amount };
}
