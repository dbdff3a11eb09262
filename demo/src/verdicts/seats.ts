import type { Facts, Hold } from './facts.ts';
import { groupBy } from './group.ts';
import { type Verdict, verdict } from './verdict.ts';

/** By what users were told, and by the seat map, which has to tell the same. */
export function soldOnce({ seats, sales }: Pick<Facts, 'seats' | 'sales'>): Verdict {
  const claim = 'Every seat sold at most once';
  if (!seats) return verdict(claim, ['the seat map is not to be had'], '');
  const sold = sales.flatMap(({ paymentId, concertSeatIds }) =>
    concertSeatIds.map((concertSeatId) => ({ paymentId, concertSeatId })),
  );
  const salesOf = groupBy(sold, ({ concertSeatId }) => concertSeatId);
  const onMap = new Set(seats.map(({ concertSeatId }) => concertSeatId));
  const objections = [
    ...seats.flatMap(({ concertSeatId, name, status }) => {
      const count = salesOf.get(concertSeatId)?.length ?? 0;
      if (count > 1) return [`${name} was sold ${count} times`];
      if (count === 1 && status !== 'SOLD') return [`${name} is paid for, but the seat map says ${status}`];
      if (count === 0 && status === 'SOLD') return [`${name} is sold, but nobody was told of a payment`];
      return [];
    }),
    ...sold
      .filter(({ concertSeatId }) => !onMap.has(concertSeatId))
      .map(({ paymentId }) => `payment ${paymentId} is for a seat that nobody asked for`),
  ];
  const count = seats.filter(({ status }) => status === 'SOLD').length;
  return verdict(claim, objections, `${count} seats sold, ${sales.length} payments`);
}

/** A hold may end before the next one begins only by running out. */
export function heldByOne({ holds, sales, seats }: Pick<Facts, 'holds' | 'sales' | 'seats'>): Verdict {
  const names = new Map(seats?.map(({ concertSeatId, name }) => [concertSeatId, name]));
  const paid = new Set(
    sales.flatMap(({ concertSeatIds, userId }) => concertSeatIds.map((id) => `${id} ${userId}`)),
  );
  const stands = (hold: OfSeat, at: number): boolean =>
    at < hold.expiresAt || paid.has(`${hold.concertSeatId} ${hold.userId}`);
  const ofSeats = holds.flatMap((hold) =>
    hold.concertSeatIds.map((concertSeatId): OfSeat => ({ ...hold, concertSeatId })),
  );

  const objections = [...groupBy(ofSeats, ({ concertSeatId }) => concertSeatId)].flatMap(([seat, ofSeat]) => {
    const inOrder = ofSeat.toSorted((a, b) => a.answeredAt - b.answeredAt);
    return inOrder.flatMap((hold, i) =>
      inOrder.slice(0, i).some((earlier) => stands(earlier, hold.answeredAt))
        ? [`${names.get(seat) ?? seat} was held by two at once`]
        : [],
    );
  });
  return verdict('No seat held by two at once', objections, `${holds.length} holds`);
}

type OfSeat = Hold & { concertSeatId: string };

/** A run that sold nothing has shown nothing. */
export function somethingSold({ sales }: Pick<Facts, 'sales'>): Verdict {
  return verdict('Seats were sold', sales.length > 0 ? [] : ['not one'], `${sales.length} payments`);
}
