import * as balance from '@holdfast/shared/contracts/balance';
import * as reservation from '@holdfast/shared/contracts/reservation';
import * as token from '@holdfast/shared/contracts/token';
import { defineSaga } from '../engine/definition.ts';
import { seatLock } from './seat-lock.ts';

export type ReserveContext = {
  tokenHash: string;
  userId: string;
  concertSeatId: string;
  /** The saga's own id: so the seat of a reservation, which is the lock key to pay it, is found in the saga's row. */
  reservationId: string;
};

/** Holds a seat for a user who has been admitted. */
export const reserveSaga = defineSaga<ReserveContext>('reserve', {
  version: 1,
  lockKey: (c) => seatLock(c.concertSeatId),
})
  .claim('verify-token', token.claim, {
    send: (c) => ({ tokenHash: c.tokenHash, userId: c.userId }),
    keep: ({ concertId }) => ({ concertId: concertId as string }),
    undo: token.release,
    failure: 'TokenVerificationFailed',
  })
  .read('load-seat', reservation.loadSeat, {
    send: (c) => ({ reservationId: c.reservationId, concertSeatId: c.concertSeatId, concertId: c.concertId }),
    failure: 'SeatLoadFailed',
  })
  .read('load-user', balance.loadUser, {
    send: (c) => ({ userId: c.userId }),
    failure: 'UserLoadFailed',
  })
  .write('create-reservation', reservation.hold, {
    send: (c) => ({ reservationId: c.reservationId, concertSeatId: c.concertSeatId, userId: c.userId }),
    keep: ({ price, holdExpiresAt }) => ({ price, holdExpiresAt }),
    undo: reservation.cancelHold,
    failure: 'ReservationCreationFailed',
  })
  .thenSend('delete-token', token.deleteToken, { send: (c) => ({ tokenHash: c.tokenHash }) })
  .result((c) => ({
    reservationId: c.reservationId,
    concertSeatId: c.concertSeatId,
    status: 'TEMPORARY_HOLD',
    holdExpiresAt: c.holdExpiresAt,
    price: c.price,
  }));
