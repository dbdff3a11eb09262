import type { Money } from '@holdfast/shared/contracts/values';

export type Payment = Readonly<{
  paymentId: string;
  reservationId: string;
  userId: string;
  price: Money;
  status: 'COMPLETED' | 'CANCELLED' | 'REFUNDED';
  /** The saga that has made it. */
  sagaId: string;
  /** The saga that has refunded it, or is about to. */
  refundingSaga: string | null;
}>;

/** What a batch of commands works on. Rows are values: a handler puts a new one in the place of the old. */
export type State = {
  readonly payments: Map<string, Payment>;
  /** By reservation: the one payment that it has, or had before it was refunded. What was cancelled doesn't count. */
  readonly paid: Map<string, string>;
  /** As they were: what is another object by now has to be saved. */
  readonly loaded: ReadonlyMap<string, Payment>;
};

/** A batch's working set, before any command. */
export function stateOf(payments: Iterable<Payment>): State {
  const loaded = new Map(Array.from(payments, (row) => [row.paymentId, row]));
  const paid = [...loaded.values()].filter(({ status }) => status !== 'CANCELLED');
  return {
    payments: new Map(loaded),
    paid: new Map(paid.map(({ reservationId, paymentId }) => [reservationId, paymentId])),
    loaded,
  };
}

/** The payment of a reservation, be it refunded. */
export const paymentOf = ({ payments, paid }: State, reservationId: string): Payment | undefined =>
  payments.get(paid.get(reservationId) ?? '');

/** Adds a payment, or puts it in the place of what it was. */
export function put({ payments, paid }: State, payment: Payment): void {
  payments.set(payment.paymentId, payment);
  if (payment.status === 'CANCELLED') paid.delete(payment.reservationId);
  else paid.set(payment.reservationId, payment.paymentId);
}
