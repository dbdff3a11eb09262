import { occurred } from '@holdfast/shared/contracts/protocol';
import { hold as contract, reservationHeld } from '@holdfast/shared/contracts/reservation';
import { action } from '@holdfast/shared/participant/decide';
import { isFree, isOutdated, putSeats, release, type State, staleHold, together } from '../state.ts';

/** Holds free seats for a user, all or none, for `ttlMs` by the database's clock. */
export const hold = (ttlMs: number) =>
  action(contract, (state: State, { reservationId, concertSeatIds, userId }, { sagaNo }) => {
    const wanted = together(state, concertSeatIds);
    if ('refused' in wanted) return wanted;
    const { seats, price } = wanted;
    if (isOutdated(seats, sagaNo)) return { refused: 'outdated' };
    if (!seats.every((seat) => isFree(state, seat))) return { refused: 'seat-taken' };

    // The expiry job may be a moment late; whoever wants the seats needn't wait for it.
    const stale = new Set(seats.flatMap((seat) => staleHold(state, seat) ?? []));
    const isLoaded = (id: string): boolean => state.seats.has(id);
    // A hold that came, and ran out, while this batch waited for the seats: its others aren't locked.
    if (![...stale].every((hold) => hold.concertSeatIds.every(isLoaded))) return { refused: 'seat-taken' };
    const events = [...stale].flatMap((hold) => release(state, hold, 'EXPIRED'));

    const holdExpiresAt = new Date(state.now.getTime() + ttlMs);
    state.reservations.set(reservationId, {
      reservationId,
      concertSeatIds,
      performanceId: (seats[0] as (typeof seats)[number]).performanceId,
      userId,
      status: 'TEMPORARY_HOLD',
      price,
      holdExpiresAt,
      payingSaga: null,
    });
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
