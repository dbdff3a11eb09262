import { type EventMessage, occurred } from '@holdfast/shared/contracts/protocol';
import { hold as contract, reservationHeld } from '@holdfast/shared/contracts/reservation';
import { action } from '@holdfast/shared/participant/decide';
import { released } from '../events.ts';
import { isFree, type Seat, type State, staleHold } from '../state.ts';

/** Holds a free seat for a user, for `ttlMs` by the database's clock. */
export const hold = (ttlMs: number) =>
  action(contract, (state: State, { reservationId, concertSeatId, userId }, { sagaNo }) => {
    const seat = state.seats.get(concertSeatId);
    if (!seat) return { refused: 'seat-not-found' };
    if (seat.fence > sagaNo) return { refused: 'outdated' };
    if (!isFree(state, seat)) return { refused: 'seat-taken' };

    const events = expireStaleHold(state, seat);
    const { price } = seat;
    const holdExpiresAt = new Date(state.now.getTime() + ttlMs);
    state.reservations.set(reservationId, {
      reservationId,
      concertSeatId,
      userId,
      status: 'TEMPORARY_HOLD',
      price,
      holdExpiresAt,
      payingSaga: null,
    });
    state.seats.set(concertSeatId, { ...seat, status: 'HELD', reservationId, fence: sagaNo });

    const until = holdExpiresAt.toISOString();
    const held = { reservationId, concertSeatId, userId, price, holdExpiresAt: until };
    return {
      done: { price, holdExpiresAt: until },
      events: [...events, occurred(reservationHeld, held)],
    };
  });

/** The expiry job may be a moment late; whoever wants the seat needn't wait for it. */
function expireStaleHold(state: State, seat: Seat): EventMessage[] {
  const stale = staleHold(state, seat);
  if (!stale) return [];
  state.reservations.set(stale.reservationId, { ...stale, status: 'EXPIRED' });
  return [released(stale, 'expired')];
}
