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
  for (const reservation of tables.reservations.values()) {
    const known = histories.get(reservation.concertSeatId);
    const history = known ?? { operations: [], reservations: [] };
    if (!known) histories.set(reservation.concertSeatId, history);
    numbers.set(reservation.reservationId, history.reservations.push(reservation) - 1);
  }
  const historyOf = (concertSeatId: string): SeatHistory => {
    const known = histories.get(concertSeatId);
    if (known) return known;
    const history = { operations: [], reservations: [] };
    histories.set(concertSeatId, history);
    return history;
  };
  /** The seat's history that a reservation belongs to, and the reservation's number in it. */
  const placeOf = (reservationId: string): { history: SeatHistory; by: number } | undefined => {
    const reservation = tables.reservations.get(reservationId);
    if (!reservation) return undefined;
    return { history: historyOf(reservation.concertSeatId), by: numbers.get(reservationId) as number };
  };

  const requestOf = requestsBySaga({ requests, tables });
  for (const {
    reservationId,
    concertSeatId,
    status,
    holdExpiresAt,
    payingSaga,
    createdAt,
  } of tables.reservations.values()) {
    const { operations } = historyOf(concertSeatId);
    const by = numbers.get(reservationId) as number;
    const asked = requestOf.get(reservationId);
    const heldFrom = asked?.sentAt ?? createdAt;
    operations.push(done({ kind: 'hold', by }, heldFrom, successOf(asked)));
    if (status === 'PAID') {
      const paying = payingSaga === null ? undefined : requestOf.get(payingSaga);
      operations.push(done({ kind: 'pay', by }, paying?.sentAt ?? heldFrom, successOf(paying)));
    }
    if (status === 'EXPIRED') operations.push(done({ kind: 'release', by }, Math.trunc(holdExpiresAt)));
    if (status === 'CANCELLED') operations.push(done({ kind: 'release', by }, heldFrom));
  }

  for (const request of requests.writes) {
    for (const answer of request.answers) {
      const op = refusalShows(request.operation, answer.status, answer.body?.code);
      if (!op) continue;
      if (request.operation === 'hold') {
        historyOf(String(request.request.concertSeatId)).operations.push(
          seen({ kind: 'taken' }, request.sentAt, answer.at),
        );
        continue;
      }
      const place = placeOf(String(request.request.reservationId));
      place?.history.operations.push(seen({ kind: op, by: place.by } as SeatOp, request.sentAt, answer.at));
    }
  }
  for (const { operation, request, sentAt, answer } of requests.reads) {
    if (operation !== 'read-reservation' || answer.status !== 200) continue;
    const place = placeOf(String(request.reservationId));
    place?.history.operations.push(
      seen(
        { kind: reservationShows[answer.body.status as ReservationRow['status']], by: place.by },
        sentAt,
        answer.at,
      ),
    );
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
} as const;

const mapShows = { AVAILABLE: 'free', HELD: 'held', SOLD: 'sold' } as const;

/** What a refusal tells of the seat. That another is at work on it tells nothing. */
function refusalShows(
  operation: Request['operation'],
  status: number,
  code: string | undefined,
): SeatOp['kind'] | undefined {
  if (operation === 'hold') return code === 'seat-taken' ? 'taken' : undefined;
  if (operation !== 'pay') return undefined;
  // The reservation was loaded before the balance was looked at.
  if (status === 402) return 'held-by';
  if (code === 'already-paid') return 'sold-to';
  return code === 'hold-expired' ? 'not-by' : undefined;
}

const successOf = (request: Request | undefined): number | undefined =>
  request?.answers.find(({ status }) => status === 201)?.at;

/** The request that began a saga: by its key, or by an answer. */
function requestsBySaga({ requests, tables }: Pick<Facts, 'requests' | 'tables'>): Map<string, Request> {
  const bySaga = new Map<string, Request>();
  const byKey = new Map<string, Request>();
  for (const request of requests.writes) {
    if (request.operation === 'charge') continue;
    if (request.key !== undefined)
      byKey.set(`${request.operation} ${request.userId} ${request.key}`, request);
    for (const { body } of request.answers) if (body?.sagaId) bySaga.set(body.sagaId, request);
  }
  for (const { userId, key, of } of tables.sagaKeys) {
    const operation = tables.sagas.get(of)?.type === 'pay' ? 'pay' : 'hold';
    const request = byKey.get(`${operation} ${userId} ${key}`);
    if (request) bySaga.set(of, request);
  }
  return bySaga;
}
