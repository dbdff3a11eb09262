import type { paths } from './api.ts';

/** What a request is answered with, by its status: `Answered<'/v1/payments', 'post', 201>`. */
export type Answered<
  Path extends keyof paths,
  Method extends keyof paths[Path],
  Status extends number,
> = paths[Path][Method] extends {
  responses: { [S in Status]: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

export type Concert = Answered<'/v1/concerts', 'get', 200>['items'][number];
export type Performance = Answered<'/v1/concerts/{concertId}/performances', 'get', 200>['items'][number];
export type Seat = Answered<'/v1/performances/{performanceId}/seats', 'get', 200>['items'][number];
export type Money = Seat['price'];

/** Where a performance's seats are, in the order by which their statuses and changes are counted. */
export type SeatMap = Answered<'/v1/performances/{performanceId}/seat-map', 'get', 200>;

export type User = Answered<'/v1/dev/users', 'post', 201>;
export type Balance = Answered<'/v1/balance', 'get', 200>;
export type BalanceEntries = Answered<'/v1/balance/entries', 'get', 200>;
/** A queue token, and its place in the queue. */
export type Place = Answered<'/v1/tokens/me', 'get', 200>;

export type Held = Answered<'/v1/reservations', 'post', 201>;
export type Reservation = Answered<'/v1/reservations/{reservationId}', 'get', 200>;
export type Paid = Answered<'/v1/payments', 'post', 201>;
export type Payment = Answered<'/v1/payments/{paymentId}', 'get', 200>;

/** The answer of a saga that takes longer than its client wants to wait. */
export type SagaAccepted = Answered<'/v1/payments', 'post', 202>;
export type Saga = Answered<'/v1/sagas/{sagaId}', 'get', 200>;
