import { cancel as cancelIn } from '@holdfast/reservation/cancel';
import { reservationParticipant } from '@holdfast/reservation/participant';
import { seatIdsIn } from '@holdfast/reservation/rows';
import {
  type Reservation,
  type Seat,
  type SeatCount,
  type State,
  stateOf,
} from '@holdfast/reservation/state';
import { hold, loadSeat } from '@holdfast/shared/contracts/reservation';
import type { Transaction } from '../world/database.ts';
import type { MemoryRows } from './store.ts';

export type ReservationTables = { seats: Map<string, Seat>; reservations: Map<string, Reservation> };

/** Few enough for some users to reach it. */
export const maxSeatsPerUser = 6;

export const reservationHandlers = (holdTtlMs: number) =>
  reservationParticipant({ holdTtlMs, maxSeatsPerUser }).handlers;

export const reservationTables = (): ReservationTables => ({ seats: new Map(), reservations: new Map() });

export const reservationRows = (tables: ReservationTables, now: () => number): MemoryRows<State> => ({
  load: async (tx, commands) => {
    const { seats, reservations } = tables;
    const looks = commands.filter(({ type }) => type === loadSeat.type);
    const changes = commands.filter(({ type }) => type !== loadSeat.type);
    const looked = rowsOf(seats, seatIdsIn(looks));
    const reservationIds = changes.flatMap(
      ({ payload }) => (payload.reservationId as string | undefined) ?? [],
    );
    const wanted = seatIdsIn(changes);
    const holds = changes.filter(({ type }) => type === hold.type);
    const buyers = [...new Set(holds.map(({ payload }) => payload.userId as string))].sort();
    for (const userId of buyers) await tx.lock(`buyer ${userId}`);
    const theirHolders = rowsOf(seats, wanted).flatMap(({ reservationId }) => reservationId ?? []);
    const named = rowsOf(reservations, [...reservationIds, ...theirHolders]);
    const locked = [...new Set([...wanted, ...named.flatMap((row) => row.concertSeatIds)])].sort();
    for (const id of locked) await tx.lock(`seat ${id}`);
    const loaded = [...looked, ...rowsOf(seats, locked)];
    const holders = loaded.flatMap(({ reservationId }) => reservationId ?? []);
    const rows = rowsOf(reservations, [...reservationIds, ...holders]);
    return stateOf(new Date(now()), loaded, rows, countSeats(tables, buyers));
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

const rowsOf = <Row>(rows: ReadonlyMap<string, Row>, ids: readonly string[]): Row[] =>
  ids.flatMap((id) => rows.get(id) ?? []);

/** What these users have, held or paid; by concert. */
export function countSeats(
  { seats, reservations }: ReservationTables,
  userIds: readonly string[],
): SeatCount[] {
  const counts = new Map<string, SeatCount>();
  for (const { userId, status, concertSeatIds } of reservations.values()) {
    if (!userIds.includes(userId) || (status !== 'PAID' && status !== 'TEMPORARY_HOLD')) continue;
    const { concertId } = seats.get(concertSeatIds[0] as string) as Seat;
    const had = counts.get(`${userId} ${concertId}`)?.seats ?? 0;
    counts.set(`${userId} ${concertId}`, { userId, concertId, seats: had + concertSeatIds.length });
  }
  return [...counts.values()];
}

/** A user cancels a hold, as services/reservation/src/http/reservations.ts does. */
export async function cancel(
  tx: Transaction,
  tables: ReservationTables,
  asked: { reservationId: string; userId: string },
  now: () => number,
): Promise<void> {
  await tx.statement();
  const { concertSeatIds = [] } = tables.reservations.get(asked.reservationId) ?? {};
  for (const id of [...concertSeatIds].sort()) await tx.lock(`seat ${id}`);
  await tx.statement();
  const rows = rowsOf(tables.reservations, [asked.reservationId]);
  const state = stateOf(new Date(now()), rowsOf(tables.seats, concertSeatIds), rows);
  cancelIn(state, asked);
  reservationRows(tables, now).save(tx, state);
}

/** Expires holds whose time is over and that nobody is paying, as services/reservation/src/expire-holds.ts does. */
export async function expireHolds(tx: Transaction, tables: ReservationTables, now: number): Promise<void> {
  await tx.statement();
  const due = ({ status, holdExpiresAt, payingSaga }: Reservation): boolean =>
    status === 'TEMPORARY_HOLD' && payingSaga === null && holdExpiresAt.getTime() <= now;
  const locked = [...tables.reservations.values()].flatMap((row) =>
    // One after another, as SKIP LOCKED does: those that it has got stay locked, though one of them be missing.
    due(row) && row.concertSeatIds.map((id) => tx.tryLock(`seat ${id}`)).every(Boolean)
      ? [row.reservationId]
      : [],
  );
  await tx.statement();
  for (const row of rowsOf(tables.reservations, locked).filter(due)) {
    tx.write(() => tables.reservations.set(row.reservationId, { ...row, status: 'EXPIRED' }));
    for (const seat of rowsOf(tables.seats, row.concertSeatIds))
      if (seat.reservationId === row.reservationId)
        tx.write(() =>
          tables.seats.set(seat.concertSeatId, { ...seat, status: 'AVAILABLE', reservationId: null }),
        );
  }
}
