import type { Money } from '@holdfast/shared/contracts/values';

export type Payment = Readonly<{
  paymentId: string;
  reservationId: string;
  userId: string;
  price: Money;
  status: 'COMPLETED' | 'CANCELLED';
  sagaId: string;
}>;

/** What a batch of commands works on. Rows are values: a handler puts a new one in the place of the old. */
export type State = {
  readonly payments: Map<string, Payment>;
  /** The reservations that have a completed payment. */
  readonly paid: Set<string>;
  /** As they were: what is another object by now has to be saved. */
  readonly loaded: ReadonlyMap<string, Payment>;
};

/** A batch's working set, before any command. */
export function stateOf(payments: Iterable<Payment>): State {
  const loaded = new Map(Array.from(payments, (row) => [row.paymentId, row]));
  const paid = [...loaded.values()].filter(({ status }) => status === 'COMPLETED');
  return {
    payments: new Map(loaded),
    paid: new Set(paid.map(({ reservationId }) => reservationId)),
    loaded,
  };
}

/** Adds a payment, or puts it in the place of what it was. */
export function put({ payments, paid }: State, payment: Payment): void {
  payments.set(payment.paymentId, payment);
  if (payment.status === 'COMPLETED') paid.add(payment.reservationId);
  else paid.delete(payment.reservationId);
}
