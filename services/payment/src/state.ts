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
  /** As they were: what is another object by now has to be saved. */
  readonly loaded: ReadonlyMap<string, Payment>;
};

/** A batch's working set, before any command. */
export function stateOf(payments: Iterable<Payment>): State {
  const loaded = new Map(Array.from(payments, (row) => [row.paymentId, row]));
  return { payments: new Map(loaded), loaded };
}
