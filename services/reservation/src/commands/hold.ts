import { occurred } from '@holdfast/shared/contracts/protocol';
import { hold as contract, reservationHeld } from '@holdfast/shared/contracts/reservation';
import { action } from '@holdfast/shared/participant/decide';
import {
  countSeats,
  isFree,
  isOutdated,
  putSeats,
  type Reservation,
  release,
  type Seat,
  type State,
  seatsHad,
  staleHold,
  together,
} from '../state.ts';

export type HoldOptions = {
  /** How long a hold lasts by the database's clock. */
  holdTtlMs: number;
  /** How many seats of a concert a user may have, held and paid. */
  maxSeatsPerUser: number;
};

/** Holds free seats for a user, all or none. */
export const hold = ({ holdTtlMs, maxSeatsPerUser }: HoldOptions) =>
  action(contract, (state: State, { reservationId, concertSeatIds, userId }, { sagaNo }) => {
    const wanted = together(state, concertSeatIds);
    if ('refused' in wanted) return wanted;
    const { seats, price } = wanted;
    if (isOutdated(seats, sagaNo)) return { refused: 'outdated' };
    if (!seats.every((seat) => isFree(state, seat))) return { refused: 'seat-taken' };
    const stale = staleHolds(state, seats);
    if (!stale) return { refused: 'seat-taken' };

    const [seat] = seats as [Seat, ...Seat[]];
    const givenUp = stale.flatMap((hold) => (hold.userId === userId ? hold.concertSeatIds : []));
    const has = seatsHad(state, userId, seat) - givenUp.length;
    if (has + seats.length > maxSeatsPerUser)
      return {
        refused: 'seat-limit-exceeded',
        detail: `You have ${has} of at most ${maxSeatsPerUser} seats of this concert.`,
      };

    const events = stale.flatMap((hold) => release(state, hold, 'EXPIRED'));
    const holdExpiresAt = new Date(state.now.getTime() + holdTtlMs);
    const { performanceId } = seat;
    const reservation: Reservation = {
      ...{ reservationId, concertSeatIds, performanceId, userId, price, holdExpiresAt },
      status: 'TEMPORARY_HOLD',
      payingSaga: null,
      refundingSaga: null,
    };
    state.reservations.set(reservationId, reservation);
    countSeats(state, reservation, seats.length);
    putSeats(
      state,
      seats.map((seat) => ({ ...seat, status: 'HELD', reservationId, fence: sagaNo })),
    );

    const until = holdExpiresAt.toISOString();
    const held = { reservationId, concertSeatIds, userId, price, holdExpiresAt: until };
    return {
      done: { price, holdExpiresAt: until },
      events: [...events, occurred(reservationHeld, held)],
    };
  });

/**
 * The holds of these seats that have run out: the expiry job may be a moment late, and whoever wants the seats needn't
 * wait for it. Undefined where one came, and ran out, while this batch waited for the seats: its others aren't locked.
 */
function staleHolds(state: State, seats: readonly Seat[]): Reservation[] | undefined {
  const holds = [...new Set(seats.flatMap((seat) => staleHold(state, seat) ?? []))];
  const isLocked = (id: string): boolean => state.seats.has(id);
  return holds.every(({ concertSeatIds }) => concertSeatIds.every(isLocked)) ? holds : undefined;
}
