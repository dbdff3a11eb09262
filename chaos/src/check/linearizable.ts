import type { Facts } from '../facts.ts';
import { linearize } from './linearizability/linearize.ts';
import { free, type SeatOp, seatStep } from './linearizability/seat.ts';
import { seatHistories } from './linearizability/seat-history.ts';
import type { Violation } from './violation.ts';

/** For each seat, by itself: there is an order of all that was asked, seen and refused that one copy could have shown. */
export function checkLinearizable(facts: Pick<Facts, 'requests' | 'tables'>): Violation[] {
  const violations: Violation[] = [];
  for (const [concertSeatId, { operations, reservations }] of seatHistories(facts)) {
    const verdict = linearize(operations, free, seatStep);
    if (verdict.linearizable) continue;
    const what =
      verdict.linearizable === undefined
        ? `undecided: too many ways to order ${operations.length} operations`
        : `it could not be that ${told(verdict.stuck.op)} between ${time(verdict.stuck.called)} and ${time(verdict.stuck.returned)}`;
    const about = verdict.linearizable === false && 'by' in verdict.stuck.op ? verdict.stuck.op.by : -1;
    violations.push({
      promise: 'linearizable',
      what,
      ids: [concertSeatId, reservations[about]?.reservationId ?? ''],
      look: `the history; reservation.reservation where concert_seat_id = '${concertSeatId}'`,
    });
  }
  return violations;
}

function told(op: SeatOp): string {
  switch (op.kind) {
    case 'hold':
      return 'it was held';
    case 'release':
      return 'its hold ended';
    case 'pay':
      return 'its hold was paid';
    case 'refund':
      return 'it was refunded';
    case 'free':
    case 'held':
    case 'sold':
    case 'taken':
      return `it was seen ${op.kind}`;
    case 'held-by':
      return 'its hold was seen as held';
    case 'sold-to':
      return 'its hold was seen as paid';
    case 'not-by':
      return 'its hold was seen as over';
  }
}

const time = (at: number | undefined): string =>
  at === undefined ? 'then and the end' : new Date(at).toISOString().slice(11, 23);
