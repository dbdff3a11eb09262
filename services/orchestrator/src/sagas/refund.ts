import * as balance from '@holdfast/shared/contracts/balance';
import * as payment from '@holdfast/shared/contracts/payment';
import * as reservation from '@holdfast/shared/contracts/reservation';
import { defineSaga } from '../engine/definition.ts';
import { seatLocks } from './seat-locks.ts';

export type RefundContext = {
  userId: string;
  reservationId: string;
  concertSeatIds: string[];
};

/** Takes a sale back: the payment refunded, its price on the balance, the seats free; or none of it. */
export const refundSaga = defineSaga<RefundContext>('refund', {
  version: 1,
  lockKeys: (c) => seatLocks(c.concertSeatIds),
})
  .claim('load-paid-reservation', reservation.loadPaid, {
    send: (c) => ({ reservationId: c.reservationId, concertSeatIds: c.concertSeatIds, userId: c.userId }),
    undo: reservation.unmarkPaid,
    failure: 'ReservationLoadFailed',
  })
  .write('refund-payment', payment.refundPayment, {
    send: (c) => ({ reservationId: c.reservationId, userId: c.userId }),
    keep: ({ paymentId, price }) => ({ paymentId, price }),
    undo: payment.reinstatePayment,
    failure: 'PaymentRefundFailed',
  })
  // Money that is on a balance may be spent at once: nothing that can still fail comes after it.
  .pivot('credit-balance', balance.credit, {
    send: (c) => ({ userId: c.userId, price: c.price }),
    undo: balance.revertCredit,
    failure: 'BalanceCreditFailed',
  })
  .thenSend('release-seats', reservation.releaseSeats, { send: (c) => ({ reservationId: c.reservationId }) })
  .thenPublish(payment.paymentRefunded, (c) => ({
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
    status: 'REFUNDED',
  }));
