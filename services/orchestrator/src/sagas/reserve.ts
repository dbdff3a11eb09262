import * as balance from '@holdfast/shared/contracts/balance';
import * as reservation from '@holdfast/shared/contracts/reservation';
import * as token from '@holdfast/shared/contracts/token';
import type { Money } from '@holdfast/shared/contracts/values';
import { defineSaga } from '../engine/definition.ts';
import { seatLocks } from './seat-locks.ts';

export type ReserveContext = {
  tokenHash: string;
  userId: string;
  /** In the order of their ids. */
  concertSeatIds: string[];
  /** The saga's own id: so the seats of a reservation, which are the lock keys to pay it, are found in the saga's row. */
  reservationId: string;
};

/** What it finds out. */
export type Held = { price: Money; holdExpiresAt: string };

/** Holds seats, all or none, for a user who has been admitted. */
export const reserveSaga = defineSaga<ReserveContext>('reserve', {
  version: 1,
  lockKeys: (c) => seatLocks(c.concertSeatIds),
})
  .claim('verify-token', token.claim, {
    send: (c) => ({ tokenHash: c.tokenHash, userId: c.userId }),
    keep: ({ concertId }) => ({ concertId: concertId as string }),
    undo: token.release,
    failure: 'TokenVerificationFailed',
  })
  .read('load-seat', reservation.loadSeat, {
    send: (c) => ({
      reservationId: c.reservationId,
      concertSeatIds: c.concertSeatIds,
      concertId: c.concertId,
    }),
    failure: 'SeatLoadFailed',
  })
  .read('load-user', balance.loadUser, {
    send: (c) => ({ userId: c.userId }),
    failure: 'UserLoadFailed',
  })
  .write('create-reservation', reservation.hold, {
    send: (c) => ({ reservationId: c.reservationId, concertSeatIds: c.concertSeatIds, userId: c.userId }),
    keep: ({ price, holdExpiresAt }) => ({ price, holdExpiresAt }),
    undo: reservation.cancelHold,
    failure: 'ReservationCreationFailed',
  })
  .thenSend('delete-token', token.deleteToken, { send: (c) => ({ tokenHash: c.tokenHash }) })
  .result((c) => ({
    reservationId: c.reservationId,
    concertSeatIds: c.concertSeatIds,
    status: 'TEMPORARY_HOLD',
    holdExpiresAt: c.holdExpiresAt,
    price: c.price,
  }));
