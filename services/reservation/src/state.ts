import type { EventMessage } from '@holdfast/shared/contracts/protocol';
import type { Money } from '@holdfast/shared/contracts/values';
import { released } from './events.ts';

export type Seat = Readonly<{
  concertSeatId: string;
  concertId: string;
  performanceId: string;
  price: Money;
  status: 'AVAILABLE' | 'HELD' | 'SOLD';
  /** Whose it is while it is held or sold. */
  reservationId: string | null;
  /** The number of the last saga that worked on it: an older one is refused. */
  fence: number;
}>;

export type Reservation = Readonly<{
  reservationId: string;
  /** All of one performance, in the order of their ids. Which they are never changes. */
  concertSeatIds: string[];
  performanceId: string;
  userId: string;
  status: 'TEMPORARY_HOLD' | 'PAID' | 'EXPIRED' | 'CANCELLED' | 'REFUNDED';
  /** Of all its seats together. */
  price: Money;
  holdExpiresAt: Date;
  /** The saga that is paying for it, or has paid. While there is one, the hold doesn't expire. */
  payingSaga: string | null;
  /** The saga that is refunding it, or has. While there is one, no other can. */
  refundingSaga: string | null;
}>;

/** How many seats a user has of a concert, held or paid. */
export type SeatCount = Readonly<{ userId: string; concertId: string; seats: number }>;

/** What a batch of commands works on. Rows are values: a handler puts a new one in the place of the old. */
export type State = {
  /** The database's clock, read once the locks were had. */
  readonly now: Date;
  readonly seats: Map<string, Seat>;
  readonly reservations: Map<string, Reservation>;
  /** By user and concert, of those who want more. */
  readonly seatCounts: Map<string, number>;
  /** The rows as they were: what is another object by now has to be saved. */
  readonly loaded: {
    readonly seats: ReadonlyMap<string, Seat>;
    readonly reservations: ReadonlyMap<string, Reservation>;
  };
};

/** A batch's working set, before any command. */
export const stateOf = (
  now: Date,
  seats: Iterable<Seat>,
  reservations: Iterable<Reservation>,
  counts: Iterable<SeatCount> = [],
): State => {
  const loaded = {
    seats: new Map(Array.from(seats, (row) => [row.concertSeatId, row])),
    reservations: new Map(Array.from(reservations, (row) => [row.reservationId, row])),
  };
  return {
    now,
    seats: new Map(loaded.seats),
    reservations: new Map(loaded.reservations),
    seatCounts: new Map(Array.from(counts, (count) => [countKey(count), count.seats])),
    loaded,
  };
};

/** The reservation of an action that has run. It can't be missing: if it is, somebody has to look at it. */
export function reservationOf({ reservations }: State, reservationId: string): Reservation {
  const reservation = reservations.get(reservationId);
  if (!reservation) throw new Error(`reservation ${reservationId} has disappeared`);
  return reservation;
}

/** The seats of a reservation, which `load` loads with it. */
export const seatsOf = ({ seats }: State, { concertSeatIds }: Reservation): Seat[] =>
  concertSeatIds.map((concertSeatId) => {
    const seat = seats.get(concertSeatId);
    if (!seat) throw new Error(`seat ${concertSeatId} is not loaded`);
    return seat;
  });

/** Seats that can be one reservation, and what they cost; or why they can't. */
export function together(
  state: State,
  concertSeatIds: readonly string[],
): { seats: Seat[]; price: Money } | { refused: string; detail?: string } {
  const seats = concertSeatIds.flatMap((id) => state.seats.get(id) ?? []);
  const [first] = seats;
  if (first === undefined || seats.length < concertSeatIds.length) return { refused: 'seat-not-found' };
  if (seats.some(({ performanceId }) => performanceId !== first.performanceId))
    return { refused: 'seats-not-together', detail: 'They are of several performances.' };
  const { currency } = first.price;
  if (seats.some(({ price }) => price.currency !== currency))
    return { refused: 'currency-mismatch', detail: 'The seats are in several currencies.' };
  const amount = seats.reduce((sum, { price }) => sum + price.amount, 0);
  return { seats, price: { amount, currency } };
}

/** Whether there is such a reservation of this user, and of the very seats that the saga has locked. */
export const isOf = (
  reservation: Reservation | undefined,
  { concertSeatIds: locked, userId }: { concertSeatIds: readonly string[]; userId: string },
): reservation is Reservation =>
  reservation?.userId === userId &&
  reservation.concertSeatIds.length === locked.length &&
  reservation.concertSeatIds.every((id) => locked.includes(id));

/** How many seats a user has of the concert that `seat` is of. */
export const seatsHad = ({ seatCounts }: State, userId: string, { concertId }: Seat): number =>
  seatCounts.get(countKey({ userId, concertId })) ?? 0;

/** Counts seats that a user has got, or has given up. */
export function countSeats(state: State, reservation: Reservation, change: number): void {
  const [seat] = seatsOf(state, reservation);
  const key = countKey({ userId: reservation.userId, concertId: seat?.concertId ?? '' });
  state.seatCounts.set(key, (state.seatCounts.get(key) ?? 0) + change);
}

const countKey = ({ userId, concertId }: Pick<SeatCount, 'userId' | 'concertId'>): string =>
  `${userId} ${concertId}`;

/** Puts seats in the place of what they were. */
export function putSeats({ seats }: State, changed: readonly Seat[]): void {
  for (const seat of changed) seats.set(seat.concertSeatId, seat);
}

/** Whether a later saga has worked on one of the seats: then an older one has no business there any more. */
export const isOutdated = (seats: readonly Seat[], sagaNo: number): boolean =>
  seats.some(({ fence }) => fence > sagaNo);

/** Ends a reservation and frees its seats, all of them. @returns what has happened */
export function release(
  state: State,
  reservation: Reservation,
  status: 'EXPIRED' | 'CANCELLED' | 'REFUNDED',
): EventMessage[] {
  const seats = seatsOf(state, reservation);
  state.reservations.set(reservation.reservationId, { ...reservation, status });
  countSeats(state, reservation, -seats.length);
  putSeats(
    state,
    seats.map((seat) => ({ ...seat, status: 'AVAILABLE', reservationId: null })),
  );
  return [released(reservation, status)];
}

/**
 * Whether a reservation keeps its seats: it is paid, is being paid, or is a hold that hasn't run out by the database's
 * clock.
 */
export const isLive = ({ status, payingSaga, holdExpiresAt }: Reservation, now: Date): boolean =>
  status === 'PAID' || (status === 'TEMPORARY_HOLD' && (payingSaga !== null || holdExpiresAt > now));

/** The hold that has run out and only waits for the expiry job to free its seats. */
export function staleHold({ now, reservations }: State, seat: Seat): Reservation | undefined {
  const holder = seat.reservationId === null ? undefined : reservations.get(seat.reservationId);
  return holder && !isLive(holder, now) ? holder : undefined;
}

/** Whether the seat can be held. */
export const isFree = (state: State, seat: Seat): boolean =>
  seat.status === 'AVAILABLE' || staleHold(state, seat) !== undefined;
