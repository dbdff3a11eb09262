import { reservationParticipant } from '@holdfast/reservation/participant';
import { type Reservation, type Seat, type State, stateOf } from '@holdfast/reservation/state';
import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import { loadSeat } from '@holdfast/shared/contracts/reservation';
import type { Transaction } from '../world/database.ts';
import type { MemoryRows } from './store.ts';

export type ReservationTables = { seats: Map<string, Seat>; reservations: Map<string, Reservation> };

export const reservationHandlers = (holdTtlMs: number) => reservationParticipant({ holdTtlMs }).handlers;

export const reservationTables = (): ReservationTables => ({ seats: new Map(), reservations: new Map() });

export const reservationRows = (tables: ReservationTables, now: () => number): MemoryRows<State> => ({
  load: async (tx, commands) => {
    const { seats, reservations } = tables;
    const looks = commands.filter(({ type }) => type === loadSeat.type);
    const changes = commands.filter(({ type }) => type !== loadSeat.type);
    const looked = rowsOf(seats, idsIn(looks, 'concertSeatId'));
    const reservationIds = idsIn(changes, 'reservationId');
    const named = rowsOf(reservations, reservationIds).map(({ concertSeatId }) => concertSeatId);
    const locked = [...new Set([...idsIn(changes, 'concertSeatId'), ...named])].sort();
    for (const id of locked) await tx.lock(`seat ${id}`);
    const loaded = [...looked, ...rowsOf(seats, locked)];
    const holders = loaded.flatMap(({ reservationId }) => reservationId ?? []);
    return stateOf(new Date(now()), loaded, rowsOf(reservations, [...reservationIds, ...holders]));
  },
  save: (tx, state) => {
    for (const row of state.reservations.values())
      if (state.loaded.reservations.get(row.reservationId) !== row)
        tx.write(() => tables.reservations.set(row.reservationId, row));
    for (const row of state.seats.values())
      if (state.loaded.seats.get(row.concertSeatId) !== row)
        tx.write(() => tables.seats.set(row.concertSeatId, row));
  },
});

const idsIn = (commands: readonly CommandMessage[], name: string): string[] =>
  commands.flatMap(({ payload }) => (payload[name] as string | undefined) ?? []);

const rowsOf = <Row>(rows: ReadonlyMap<string, Row>, ids: readonly string[]): Row[] =>
  ids.flatMap((id) => rows.get(id) ?? []);

/** Expires holds whose time is over and that nobody is paying, as services/reservation/src/expire-holds.ts does. */
export async function expireHolds(tx: Transaction, tables: ReservationTables, now: number): Promise<void> {
  await tx.statement();
  const due = ({ status, holdExpiresAt, payingSaga }: Reservation): boolean =>
    status === 'TEMPORARY_HOLD' && payingSaga === null && holdExpiresAt.getTime() <= now;
  const locked = [...tables.reservations.values()].flatMap((row) =>
    due(row) && tx.tryLock(`seat ${row.concertSeatId}`) ? [row.reservationId] : [],
  );
  await tx.statement();
  for (const row of rowsOf(tables.reservations, locked).filter(due)) {
    tx.write(() => tables.reservations.set(row.reservationId, { ...row, status: 'EXPIRED' }));
    const seat = tables.seats.get(row.concertSeatId) as Seat;
    if (seat.reservationId === row.reservationId)
      tx.write(() =>
        tables.seats.set(seat.concertSeatId, { ...seat, status: 'AVAILABLE', reservationId: null }),
      );
  }
}
