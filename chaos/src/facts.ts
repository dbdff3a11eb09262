import type { Call, FaultInjected } from './history/history.ts';

/**
 * What a run has left behind, as the checks need it: requests and answers, rows, and what was seen of each message.
 * Times are ms since the epoch; money is minor units.
 */

type SagaStatus = 'RUNNING' | 'COMPENSATING' | 'COMPLETED' | 'COMPENSATED' | 'PARKED';

export type SagaRow = {
  sagaId: string;
  sagaNo: number;
  type: 'reserve' | 'pay' | 'refund';
  userId: string;
  lockKeys: readonly string[];
  status: SagaStatus;
  /** Why it was compensated: the failure's outcome and code. */
  failure: { outcome: 'refused' | 'unknown'; code: string } | null;
  parkedReason: string | null;
  startedAt: number;
  endedAt: number | null;
  settled: boolean;
  /** A refund needs none. */
  tokenHash: string | null;
  concertSeatIds: readonly string[];
  reservationId: string;
  paymentId: string | null;
  amount: number | null;
  currency: string | null;
  /** The steps' names and how each stands, in their order. */
  steps: readonly { name: string; status: string }[];
};

export type SeatRow = {
  concertSeatId: string;
  status: 'AVAILABLE' | 'HELD' | 'SOLD';
  reservationId: string | null;
  fence: number;
};

export type ReservationRow = {
  reservationId: string;
  concertSeatIds: readonly string[];
  concertId: string;
  userId: string;
  /** As everybody sees it: a hold that has run out, and that nobody is paying, is EXPIRED before the job comes by. */
  status: 'TEMPORARY_HOLD' | 'PAID' | 'EXPIRED' | 'CANCELLED' | 'REFUNDED';
  amount: number;
  currency: string;
  holdExpiresAt: number;
  payingSaga: string | null;
  refundingSaga: string | null;
  createdAt: number;
};

export type PaymentRow = {
  paymentId: string;
  reservationId: string;
  userId: string;
  amount: number;
  currency: string;
  status: 'COMPLETED' | 'CANCELLED' | 'REFUNDED';
  sagaId: string;
  refundingSaga: string | null;
};

type AccountRow = { userId: string; currency: string; balance: number; entries: number };

/** A transfer between two accounts, of which `user` is that of the user; for each user in their order. */
export type LedgerRow = {
  entryId: string;
  userId: string;
  entryNo: number;
  kind: 'charge' | 'deduct' | 'refund' | 'credit';
  debitAccount: string;
  creditAccount: string;
  amount: number;
  currency: string;
  balanceAfter: number;
  commandId: string | null;
  /** By which key a user has charged. */
  chargeKey: string | null;
  /** When its transaction began, ms: those that were written together share it. */
  createdAt: number;
};

export type KeyRow = { userId: string; key: string; of: string };

export type Inbox = {
  /** Sagas with a smaller number have ended, and their rows may be gone. */
  floor: number;
  /** By command id: what was answered, or the tombstone of what may never run. */
  rows: ReadonlyMap<string, 'done' | 'refused' | 'none' | 'undone' | 'stands' | 'tombstone'>;
};

export type Participant = 'reservation' | 'payment' | 'balance' | 'token';

export type Tables = {
  sagas: ReadonlyMap<string, SagaRow>;
  locks: readonly { lockKey: string; sagaId: string }[];
  /** Which saga a user's key began. */
  sagaKeys: readonly KeyRow[];
  seats: ReadonlyMap<string, SeatRow>;
  reservations: ReadonlyMap<string, ReservationRow>;
  payments: ReadonlyMap<string, PaymentRow>;
  accounts: readonly AccountRow[];
  ledger: readonly LedgerRow[];
  tokens: readonly { tokenId: string; tokenHash: string; claimedBy: string | null }[];
  inboxes: Readonly<Record<Participant, Inbox>>;
  /** Events that no relay has published, though it has had the time. */
  outbox: Readonly<Record<Participant, number>>;
};

/** All records with one id. */
type Seen = {
  type: string;
  copies: number;
  /** A digest of what they say; none where that may be another each time. */
  payload?: number | undefined;
  /** Not all of them say the same. */
  differs: boolean;
  /** When the first of them was produced. */
  at: number;
};
export type CommandSeen = Seen & {
  sagaNo: number;
  oneWay: boolean;
  /** It was told to fail in a way that may leave no trace. */
  fault: boolean;
};
export type ReplySeen = Seen & { sagaId: string; step: string; action: 'do' | 'undo' };
export type EventSeen = Seen & {
  /** What it is about: the reservation's id, the payment's, the ledger entry's, the token's. */
  about: string;
  reason: string | undefined;
};

/** Where a record lies. */
export type Place = { topic: string; partition: number; offset: string };
export const nameOf = ({ topic, partition, offset }: Place): string => `${topic}/${partition}@${offset}`;

export type DeadLetter = {
  at: Place;
  /** Where its headers say that it came from. */
  source: Place | undefined;
  group: string;
  errorClass: string;
  error: string;
  /** Key, value and headers are its source's, byte for byte; undefined where the source is gone. */
  faithful: boolean | undefined;
};

export type Messages = {
  commands: Readonly<Record<Participant, ReadonlyMap<string, CommandSeen>>>;
  replies: ReadonlyMap<string, ReplySeen>;
  events: ReadonlyMap<string, EventSeen>;
  /** Records that nobody can read, by their contract. */
  poison: readonly { at: Place; why: string }[];
  deadLetters: readonly DeadLetter[];
  /** The ids of the records that dead letters came from, where they could be read. */
  deadLettered: ReadonlySet<string>;
  topics: readonly { topic: string; records: number; copies: number }[];
  /** How far each group has committed. */
  offsets: readonly { group: string; topic: string; partition: number; committed: number; end: number }[];
};

/** Who looks at many seats at once: `seats[i]` was `statuses[i]`. */
export type SeatsRead = {
  sentAt: number;
  at: number;
  seats: readonly string[];
  statuses: readonly SeatRow['status'][];
};

/** One request, sent once or more: with the same user and key it is the same one. */
export type Request = Pick<Call, 'operation' | 'userId' | 'key' | 'request'> & {
  sentAt: number;
  answers: readonly NonNullable<Call['answer']>[];
  /** How often nothing came back. */
  unanswered: number;
};

export type Requests = {
  writes: readonly Request[];
  /** `read-reservation`, `read-payment`, `read-balance`: those that were answered. */
  reads: readonly (Call & Required<Pick<Call, 'answer'>>)[];
  seatReads: readonly SeatsRead[];
  faults: readonly FaultInjected[];
  /** When a hold or a payment was answered well, in order. */
  successes: readonly number[];
};

export type Facts = {
  requests: Requests;
  tables: Tables;
  messages: Messages;
  /** Locks in Redis that outlived their lease, though no unfinished saga has them. */
  redisLocks: readonly string[];
  /** How often the external API has taken an event, by its id. */
  deliveries: ReadonlyMap<string, number>;
};
