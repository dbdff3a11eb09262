import type { Money, Saga, Seat } from '@holdfast/client/types';

/** All that the verdicts are reached from: what users were told, and what the system said when it was asked after. */
export type Facts = {
  accounts: readonly AccountFacts[];
  holds: readonly Hold[];
  sales: readonly Sale[];
  /** The seat map after the last saga's end, of the seats that were asked for; undefined when it couldn't be had. */
  seats: readonly SeatFacts[] | undefined;
  sagas: readonly SagaFacts[];
  repeats: readonly Repeat[];
  locks: LockFacts;
  /** Answers that weren't in order, as `step: outcome`. */
  unexpected: readonly string[];
};

export type AccountFacts = {
  userId: string;
  /** As answered. */
  charged: readonly Money[];
  /** Charges and payments of which it never came out whether they were carried out. */
  unanswered: number;
  /** Undefined when it couldn't be had. */
  balance: Money | undefined;
};

/** A hold that a user was told of. Times in ms. */
export type Hold = {
  reservationId: string;
  concertSeatIds: readonly string[];
  userId: string;
  answeredAt: number;
  expiresAt: number;
};

/** A payment that a user was told of. */
export type Sale = {
  paymentId: string;
  userId: string;
  concertSeatIds: readonly string[];
  price: Money;
  /** What `GET /v1/payments/{paymentId}` says: its status, or its outcome where it can't be had. */
  found: string;
};

type SeatFacts = { concertSeatId: string; name: string; status: Seat['status'] };

/** `status` undefined: it couldn't be had. */
export type SagaFacts = {
  sagaId: string;
  type: string;
  status: Saga['status'] | undefined;
  failure: string | undefined;
};

/** One request that was sent twice at once, with one key. */
export type Repeat = { of: string; answers: readonly [string, string] };

export type LockFacts = {
  /** What a fresh user got for each seat: held, or taken; never that another is at work on it. */
  probes: readonly { seat: string; outcome: string }[];
  /** Rows that are left in the durable guard, of this run's seats and sagas. */
  rows: readonly string[] | { notChecked: string };
};
