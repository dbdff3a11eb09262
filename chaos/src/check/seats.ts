import type { ReservationRow, SagaRow, SeatRow, Tables } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import type { Violation } from './violation.ts';

/**
 * The proof from the fence, seat by seat: in the order of the sagas' numbers, each hold was decided on later than the
 * one before, and only once that one had ended; what is paid had no successor before it was refunded; and the seat's row agrees, with a fence
 * that is the largest number that has worked on it.
 */
export function checkSeats({ seats, reservations, sagas }: Tables): Violation[] {
  const violations: Violation[] = [];
  const ofSeats = [...reservations.values()].flatMap((row) =>
    row.concertSeatIds.map((concertSeatId) => ({ concertSeatId, row })),
  );
  const bySeat = groupBy(ofSeats, ({ concertSeatId }) => concertSeatId);
  /** The sagas that worked on a reservation after it was made. */
  const pays = groupBy(
    [...sagas.values()].filter(({ type }) => type !== 'reserve'),
    ({ reservationId }) => reservationId,
  );
  const ttl = holdTtl(reservations.values());

  for (const [concertSeatId, found] of bySeat) {
    const ofSeat = found.map(({ row }) => row);
    const say = (what: string, ids: readonly string[] = []) =>
      violations.push({
        promise: 'seats',
        what,
        ids: [concertSeatId, ...ids],
        look: `reservation.reservation join reservation_seat using (reservation_id) where concert_seat_id = '${concertSeatId}'`,
      });
    const holds = ofSeat.map((row) => ({ row, number: sagas.get(row.reservationId)?.sagaNo ?? Number.NaN }));
    for (const { row, number } of holds)
      if (Number.isNaN(number)) say('a reservation that no saga has made', [row.reservationId]);
    holds.sort((a, b) => a.number - b.number);
    holds.forEach(({ row, number }, i) => {
      const next = holds[i + 1];
      if (next)
        for (const what of overlap(row, next.row, ttl, sagas))
          say(what, [row.reservationId, next.row.reservationId]);
      // Who pays for a hold does so before the next one takes the seat.
      for (const pay of pays.get(row.reservationId) ?? []) {
        if (pay.sagaNo <= number)
          say(`a ${nouns[pay.type]} is older than its hold`, [row.reservationId, pay.sagaId]);
        if (next && marked(pay) && pay.sagaNo > next.number)
          say(`a hold was ${verbs[pay.type]} after the next one had taken its seat`, [
            pay.sagaId,
            next.row.reservationId,
          ]);
      }
    });
    const worked = holds.flatMap(({ row, number }) => [
      number,
      ...(pays.get(row.reservationId) ?? []).filter(marked).map(({ sagaNo }) => sagaNo),
    ]);
    for (const what of rowDisagrees(seats.get(concertSeatId), ofSeat, Math.max(...worked))) say(what);
  }
  for (const seat of seats.values())
    if (!bySeat.has(seat.concertSeatId) && seat.status !== 'AVAILABLE')
      violations.push({
        promise: 'seats',
        what: `a seat is ${seat.status} that nobody has ever held`,
        ids: [seat.concertSeatId],
        look: 'reservation.concert_seat',
      });
  return violations;
}

const nouns = { reserve: 'hold', pay: 'payment', refund: 'refund' } as const;
const verbs = { reserve: 'held', pay: 'paid for', refund: 'refunded' } as const;

/** Its step that marks the reservation went well, and has raised the fence. */
const marked = ({ type, steps, status }: SagaRow): boolean =>
  status === 'COMPLETED' || steps[type === 'pay' ? 1 : 0]?.status === 'DONE';

function overlap(row: ReservationRow, next: ReservationRow, ttl: number, sagas: Tables['sagas']): string[] {
  if (row.status === 'PAID') return ['a sold seat was held once more'];
  if (row.status === 'TEMPORARY_HOLD') return ['a seat has two holders'];
  const decided = next.holdExpiresAt - ttl;
  const refundedAt = sagas.get(row.refundingSaga ?? '')?.endedAt ?? 0;
  // Its seats are free some time after the refund has ended.
  if (row.status === 'REFUNDED' && decided < refundedAt - grainMs)
    return [`a seat was held anew ${Math.ceil(refundedAt - decided)} ms before its refund had ended`];
  if (row.holdExpiresAt >= next.holdExpiresAt) return ['an older saga has held the seat after a younger one'];
  if (row.status === 'EXPIRED' && row.holdExpiresAt > decided + grainMs)
    return [`a seat was held anew ${Math.ceil(row.holdExpiresAt - decided)} ms before its hold had run out`];
  return [];
}

/**
 * How long a hold lasts. A row says when its transaction began, a little before the hold was decided on: the shortest
 * time from there is next to what was configured.
 */
function holdTtl(reservations: Iterable<ReservationRow>): number {
  let ttl = Number.POSITIVE_INFINITY;
  for (const { holdExpiresAt, createdAt } of reservations) ttl = Math.min(ttl, holdExpiresAt - createdAt);
  return Math.floor(ttl);
}

const grainMs = 10;

function rowDisagrees(
  seat: SeatRow | undefined,
  ofSeat: readonly ReservationRow[],
  worked: number,
): string[] {
  if (!seat) return ['there is no such seat'];
  const found: string[] = [];
  const live = ofSeat.filter(({ status }) => status === 'PAID' || status === 'TEMPORARY_HOLD');
  if (live.length > 1) found.push(`a seat has ${live.length} holders`);
  const [holder] = live;
  if (holder && seat.reservationId !== holder.reservationId) found.push('a seat is not its holder’s');
  if (holder && (holder.status === 'PAID') !== (seat.status === 'SOLD'))
    found.push(`a seat is ${seat.status}, its reservation ${holder.status}`);
  if (!holder && seat.status === 'SOLD') found.push('a seat is sold to nobody');
  if (seat.fence < worked)
    found.push(`the fence is ${seat.fence}, though saga ${worked} has worked on the seat`);
  return found;
}
