/**
 * What happened in a run, as seen from outside: every request with its answer, and every fault. The checker decides by
 * this and by what the system's tables and topics hold at the end. Times are ms since the epoch, of one clock.
 */

export type Operation =
  | 'hold'
  | 'pay'
  | 'cancel'
  | 'refund'
  | 'charge'
  | 'read-reservation'
  | 'read-payment'
  | 'read-balance'
  | 'read-seats';

/** One request. Without `answer` nobody knows what became of it: it may have happened, or may still happen. */
export type Call = {
  kind: 'call';
  operation: Operation;
  userId: string;
  /** The `Idempotency-Key`: calls with the same one are one request, sent again. */
  key?: string;
  /** What was asked for: `concertSeatIds`, `reservationId`, `paymentId`, `amount` and `currency`, as the operation has. */
  request: Readonly<Record<string, string | number | readonly string[]>>;
  sentAt: number;
  answer?: {
    at: number;
    status: number;
    // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
    body: any;
  };
};

/** A fault that was injected, and when the system was itself again: all ready, and a saga ended well. */
export type FaultInjected = {
  kind: 'fault';
  /** Such as `kill`, `pause`, `kafka-restart`, `redis-flush`, `connection-cut`, `poison`, `external-api-slow`. */
  fault: string;
  /** What it hit: a process, a topic, a connection. */
  target: string;
  from: number;
  until: number;
  recoveredAt?: number;
};

export type HistoryEntry = Call | FaultInjected;
