import { paymentParticipant } from '@holdfast/payment/participant';
import { type Payment, type State, stateOf } from '@holdfast/payment/state';
import type { MemoryRows } from './store.ts';

export type PaymentTables = { payments: Map<string, Payment> };

export const { handlers: paymentHandlers } = paymentParticipant;

export const paymentTables = (): PaymentTables => ({ payments: new Map() });

export const paymentRows = ({ payments }: PaymentTables): MemoryRows<State> => ({
  load: async (tx, commands) => {
    const ids = new Set(commands.map(({ payload }) => payload.paymentId));
    const reservationIds = new Set(commands.map(({ payload }) => payload.reservationId));
    const wanted = (): Payment[] =>
      [...payments.values()].filter(
        ({ paymentId, reservationId, status }) =>
          ids.has(paymentId) || (reservationIds.has(reservationId) && status !== 'CANCELLED'),
      );
    const locked = wanted().map(({ paymentId }) => paymentId);
    for (const id of locked.sort()) await tx.lock(`payment ${id}`);
    // What it waited for may have changed in the meantime; what has come since isn't seen.
    return stateOf(wanted().filter(({ paymentId }) => locked.includes(paymentId)));
  },
  save: (tx, state) => {
    for (const row of state.payments.values())
      if (state.loaded.get(row.paymentId) !== row) tx.write(() => payments.set(row.paymentId, row));
  },
});
