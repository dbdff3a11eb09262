import { randomUUID } from 'node:crypto';
import type { Answer, Ask } from './client.ts';

/** One request of a visit, which is: look, charge, queue, hold, queue again, pay. */
export const stages = ['look', 'charge', 'queue', 'hold', 'queue-to-pay', 'pay'] as const;
export type Stage = (typeof stages)[number];

export type Seat = { concertId: string; concertSeatId: string; price: number; currency: string };

/** A user with a next request to make. */
export type Visitor = {
  accessToken: string;
  stage: Stage;
  /** Of the request that comes next, however often it is made. */
  key: string;
  seat: Seat;
  queueToken: string;
  reservationId: string;
};

export const newVisitor = (accessToken: string, seat: Seat): Visitor => ({
  accessToken,
  stage: 'look',
  key: randomUUID(),
  seat,
  queueToken: '',
  reservationId: '',
});

/** The request that a visitor makes next. One that was refused is made again, with the same key. */
export function proceed(ask: Ask, visitor: Visitor): Promise<Answer> {
  const { accessToken, stage, key, seat, queueToken, reservationId } = visitor;
  const keyed = { 'idempotency-key': key };
  return ask(accessToken, (client): Promise<{ data?: unknown; error?: unknown; response: Response }> => {
    switch (stage) {
      case 'look':
        return client.GET('/v1/concerts/{concertId}/performances', {
          params: { path: { concertId: seat.concertId } },
        });
      case 'charge':
        return client.POST('/v1/balance/charges', {
          params: { header: keyed },
          body: { amount: seat.price, currency: seat.currency },
        });
      case 'queue':
        return client.POST('/v1/tokens', { body: { concertId: seat.concertId } });
      case 'hold':
        return client.POST('/v1/reservations', {
          params: { header: { ...keyed, 'queue-token': queueToken } },
          body: { concertSeatIds: [seat.concertSeatId] },
        });
      case 'queue-to-pay':
        return client.POST('/v1/tokens', { body: { reservationId } });
      case 'pay':
        return client.POST('/v1/payments', {
          params: { header: { ...keyed, 'queue-token': queueToken } },
          body: { reservationId },
        });
    }
  });
}

/** Where a visitor stands after an answer of success. After the last stage, or one that he can't go on from, he begins anew. */
export function advance(visitor: Visitor, { status, body }: Answer, nextSeat: () => Seat): Visitor {
  const { accessToken, stage } = visitor;
  const next = stages[stages.indexOf(stage) + 1];
  if (next === undefined || status === 202) return newVisitor(accessToken, nextSeat());
  return {
    ...visitor,
    stage: next,
    key: randomUUID(),
    queueToken: body.token ?? visitor.queueToken,
    reservationId: body.reservationId ?? visitor.reservationId,
  };
}
