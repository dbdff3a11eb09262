import * as balance from '@holdfast/shared/contracts/balance';
import * as payment from '@holdfast/shared/contracts/payment';
import * as reservation from '@holdfast/shared/contracts/reservation';
import * as token from '@holdfast/shared/contracts/token';
import type { Money } from '@holdfast/shared/contracts/values';
import { defineSaga } from '../engine/definition.ts';
import { seatLocks } from './seat-locks.ts';

export type PayContext = {
  tokenHash: string;
  userId: string;
  reservationId: string;
  concertSeatIds: string[];
  /** As far as it is known before the reservation is loaded, which has the last word. */
  price?: Money;
  /** Told to nobody before the saga has completed. */
  paymentId: string;
};

/** Pays held seats, all that one reservation is of: money off the balance, a payment, the reservation paid; or none of it. */
export const paySaga = defineSaga<PayContext>('pay', {
  version: 2,
  lockKeys: (c) => seatLocks(c.concertSeatIds),
})
  .atOnce((stage) =>
    stage
      .claim('verify-token', token.claim, {
        send: (c) => ({ tokenHash: c.tokenHash, userId: c.userId, reservationId: c.reservationId }),
        undo: token.release,
        failure: 'TokenVerificationFailed',
      })
      .claim('load-reservation', reservation.loadReservation, {
        send: (c) => ({
          reservationId: c.reservationId,
          concertSeatIds: c.concertSeatIds,
          userId: c.userId,
        }),
        keep: ({ price }) => ({ price }),
        undo: reservation.unmark,
        failure: 'ReservationLoadFailed',
      })
      .read('load-balance', balance.loadBalance, {
        send: (c) => ({ userId: c.userId, ...(c.price && { price: c.price }) }),
        failure: 'BalanceLoadFailed',
      }),
  )
  .write('deduct-balance', balance.deduct, {
    send: (c) => ({ userId: c.userId, price: c.price, reservationId: c.reservationId }),
    undo: balance.refund,
    failure: 'BalanceDeductionFailed',
  })
  .write('create-payment', payment.createPayment, {
    send: (c) => ({
      reservationId: c.reservationId,
      paymentId: c.paymentId,
      userId: c.userId,
      price: c.price,
    }),
    undo: payment.cancelPayment,
    failure: 'PaymentCreationFailed',
  })
  .pivot('confirm-reservation', reservation.confirm, {
    send: (c) => ({ reservationId: c.reservationId }),
    undo: reservation.revert,
    failure: 'ReservationConfirmationFailed',
  })
  .thenSend('delete-token', token.deleteToken, { send: (c) => ({ tokenHash: c.tokenHash }) })
  .thenPublish(payment.paymentCompleted, (c) => ({
    paymentId: c.paymentId,
    reservationId: c.reservationId,
    userId: c.userId,
    price: c.price,
  }))
  .result((c) => ({
    paymentId: c.paymentId,
    reservationId: c.reservationId,
    amount: c.price.amount,
    currency: c.price.currency,
    status: 'COMPLETED',
  }));
