import type { Facts, Request, ReservationRow, SeatRow } from '../../facts.ts';
import type { Operation } from './linearize.ts';
import { done, type SeatOp, seen } from './seat.ts';

export type SeatHistory = { operations: Operation<SeatOp>[]; reservations: ReservationRow[] };

/**
 * What is known of each seat, from outside. Requests without an answer are settled by the rows: a reservation, or that
 * it is paid, says that one took effect, at some time after it was sent; without a row it never did.
 */
export function seatHistories({
  requests,
  tables,
}: Pick<Facts, 'requests' | 'tables'>): Map<string, SeatHistory> {
  const histories = new Map<string, SeatHistory>();
  const numbers = new Map<string, number>();
  const historyOf = (concertSeatId: string): SeatHistory => {
    const known = histories.get(concertSeatId);
    if (known) return known;
    const history = { operations: [], reservations: [] };
    histories.set(concertSeatId, history);
    return history;
  };
  for (const reservation of tables.reservations.values())
    for (const seat of reservation.concertSeatIds)
      numbers.set(`${seat} ${reservation.reservationId}`, historyOf(seat).reservations.push(reservation) - 1);
  /** The histories of a reservation's seats, and the reservation's number in each. */
  const placesOf = (reservationId: string): { history: SeatHistory; by: number }[] =>
    (tables.reservations.get(reservationId)?.concertSeatIds ?? []).map((seat) => ({
      history: historyOf(seat),
      by: numbers.get(`${seat} ${reservationId}`) as number,
    }));

  const requestOf = requestsBySaga({ requests, tables });
  const cancellations = cancellationsOf(requests);
  for (const {
    reservationId,
    status,
    holdExpiresAt,
    payingSaga,
    refundingSaga,
    createdAt,
  } of tables.reservations.values()) {
    const asked = requestOf.get(reservationId);
    const heldFrom = asked?.sentAt ?? createdAt;
    const paying = requestOf.get(payingSaga ?? '');
    const refunding = requestOf.get(refundingSaga ?? '');
    const cancelling = cancellations.get(reservationId);
    for (const { history, by } of placesOf(reservationId)) {
      const { operations } = history;
      operations.push(done({ kind: 'hold', by }, heldFrom, successOf(asked)));
      if (status === 'PAID' || status === 'REFUNDED')
        operations.push(done({ kind: 'pay', by }, paying?.sentAt ?? heldFrom, successOf(paying)));
      // The seats are free some time after the refund was answered.
      if (status === 'REFUNDED') operations.push(done({ kind: 'refund', by }, refunding?.sentAt ?? heldFrom));
      if (status === 'EXPIRED') operations.push(done({ kind: 'release', by }, Math.trunc(holdExpiresAt)));
      // By its user, or by the saga that made it.
      if (status === 'CANCELLED')
        operations.push(
          done({ kind: 'release', by }, cancelling?.sentAt ?? heldFrom, cancelling?.answeredAt),
        );
    }
  }

  for (const request of requests.writes) {
    for (const answer of request.answers) {
      const op = answerShows(request.operation, answer.status, answer.body?.code);
      if (!op) continue;
      if (request.operation === 'hold') {
        // Of several seats one is taken, and nobody says which.
        const [seat, ...others] = request.request.concertSeatIds as readonly string[];
        if (seat !== undefined && others.length === 0)
          historyOf(seat).operations.push(seen({ kind: 'taken' }, request.sentAt, answer.at));
        continue;
      }
      for (const { history, by } of placesOf(String(request.request.reservationId)))
        history.operations.push(seen({ kind: op, by } as SeatOp, request.sentAt, answer.at));
    }
  }
  for (const { operation, request, sentAt, answer } of requests.reads) {
    if (operation !== 'read-reservation' || answer.status !== 200) continue;
    const kind = reservationShows[answer.body.status as ReservationRow['status']];
    for (const { history, by } of placesOf(String(request.reservationId)))
      history.operations.push(seen({ kind, by }, sentAt, answer.at));
  }
  for (const { sentAt, at, seats, statuses } of requests.seatReads)
    seats.forEach((seat, i) => {
      historyOf(seat).operations.push(seen({ kind: mapShows[statuses[i] as SeatRow['status']] }, sentAt, at));
    });
  return histories;
}

const reservationShows = {
  TEMPORARY_HOLD: 'held-by',
  PAID: 'sold-to',
  EXPIRED: 'not-by',
  CANCELLED: 'not-by',
  REFUNDED: 'not-by',
} as const;

const mapShows = { AVAILABLE: 'free', HELD: 'held', SOLD: 'sold' } as const;

/** What an answer tells of the seat, besides what was done. That another is at work on it tells nothing. */
function answerShows(
  operation: Request['operation'],
  status: number,
  code: string | undefined,
): SeatOp['kind'] | undefined {
  if (operation === 'hold') return code === 'seat-taken' ? 'taken' : undefined;
  if (operation === 'cancel')
    return status === 204 ? 'not-by' : code === 'already-paid' ? 'sold-to' : undefined;
  if (operation === 'refund') return code === 'already-refunded' ? 'not-by' : undefined;
  if (operation !== 'pay') return undefined;
  // The reservation was loaded before the balance was looked at.
  if (status === 402) return 'held-by';
  if (code === 'already-paid') return 'sold-to';
  return code === 'hold-expired' ? 'not-by' : undefined;
}

/** When each reservation was first asked to be cancelled, and first told to be. */
function cancellationsOf({
  writes,
}: Facts['requests']): Map<string, { sentAt: number; answeredAt?: number }> {
  const found = new Map<string, { sentAt: number; answeredAt?: number }>();
  for (const { operation, request, sentAt, answers } of writes) {
    if (operation !== 'cancel') continue;
    const id = String(request.reservationId);
    const known = found.get(id) ?? { sentAt };
    const answered = answers.flatMap(({ status, at }) => (status === 204 ? [at] : []));
    const answeredAt = Math.min(known.answeredAt ?? Number.POSITIVE_INFINITY, ...answered);
    found.set(id, {
      sentAt: Math.min(known.sentAt, sentAt),
      ...(Number.isFinite(answeredAt) && { answeredAt }),
    });
  }
  return found;
}

const successOf = (request: Request | undefined): number | undefined =>
  request?.answers.find(({ status }) => status === 201)?.at;

/** The request that began a saga: by its key, or by an answer. */
function requestsBySaga({ requests, tables }: Pick<Facts, 'requests' | 'tables'>): Map<string, Request> {
  const bySaga = new Map<string, Request>();
  const byKey = new Map<string, Request>();
  for (const request of requests.writes) {
    if (request.operation === 'charge' || request.operation === 'cancel') continue;
    if (request.key !== undefined)
      byKey.set(`${request.operation} ${request.userId} ${request.key}`, request);
    for (const { body } of request.answers) if (body?.sagaId) bySaga.set(body.sagaId, request);
  }
  for (const { userId, key, of } of tables.sagaKeys) {
    const type = tables.sagas.get(of)?.type;
    const operation = type === 'pay' || type === 'refund' ? type : 'hold';
    const request = byKey.get(`${operation} ${userId} ${key}`);
    if (request) bySaga.set(of, request);
  }
  return bySaga;
}
