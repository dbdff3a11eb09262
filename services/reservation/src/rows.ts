import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import { loadSeat } from '@holdfast/shared/contracts/reservation';
import { type Database, query } from '@holdfast/shared/database/query';
import { type Reservation, type Seat, type State, stateOf } from './state.ts';

/**
 * Loads what `commands` are about. A seat's row lock guards its reservations as well: whoever changes either has the
 * seat first. So there is one kind of lock, taken in the order of the seats' ids, and batches can't deadlock. Reads
 * don't lock: a batch of nothing else writes nothing, and its commit waits for no disk.
 */
export async function load(tx: Database, commands: readonly CommandMessage[]): Promise<State> {
  const looks = commands.filter(({ type }) => type === loadSeat.type);
  const changes = commands.filter(({ type }) => type !== loadSeat.type);
  const reservationIds = idsIn(changes, 'reservationId');
  // The locked ones last: where a seat is both looked at and changed, they count.
  const seats = [
    ...(await readSeats(tx, idsIn(looks, 'concertSeatId'))),
    ...(await lockSeats(tx, idsIn(changes, 'concertSeatId'), reservationIds)),
  ];
  const holders = seats.flatMap(({ reservationId }) => reservationId ?? []);
  const { now, reservations } = await readReservations(tx, [...reservationIds, ...holders]);
  return stateOf(now, seats, reservations);
}

const idsIn = (commands: readonly CommandMessage[], name: string): string[] =>
  commands.flatMap(({ payload }) => (payload[name] as string | undefined) ?? []);

/** Writes the rows that have changed. */
export async function save(tx: Database, state: State): Promise<void> {
  const { loaded } = state;
  const changedSeats = [...state.seats.values()].filter((row) => loaded.seats.get(row.concertSeatId) !== row);
  const changed = [...state.reservations.values()].filter(
    (row) => loaded.reservations.get(row.reservationId) !== row,
  );
  const added = changed.filter((row) => !loaded.reservations.has(row.reservationId));
  const updated = changed.filter((row) => loaded.reservations.has(row.reservationId));

  // What ends a hold goes first: only then does the index of one live reservation per seat let the next one in.
  await updateReservations(tx, updated);
  await insertReservations(tx, added);
  await updateSeats(tx, changedSeats);
}

const seatColumns = `
  s.concert_seat_id as "concertSeatId", p.concert_id as "concertId", s.status, s.reservation_id as "reservationId",
  s.fence, json_build_object('amount', s.price_amount, 'currency', s.currency) as price`;

async function readSeats(tx: Database, seatIds: readonly string[]): Promise<Seat[]> {
  if (seatIds.length === 0) return [];
  return query<Seat>(
    tx,
    `select ${seatColumns} from concert_seat s join performance p using (performance_id)
     where s.concert_seat_id = any(?::uuid[])`,
    [seatIds],
  );
}

/** The seats named, and those of the reservations named: which seat a reservation is for never changes. */
async function lockSeats(
  tx: Database,
  seatIds: readonly string[],
  reservationIds: readonly string[],
): Promise<Seat[]> {
  if (seatIds.length + reservationIds.length === 0) return [];
  return query<Seat>(
    tx,
    `select ${seatColumns} from concert_seat s join performance p using (performance_id)
     where s.concert_seat_id = any(
       ?::uuid[] || array(select concert_seat_id from reservation where reservation_id = any(?::uuid[])))
     order by s.concert_seat_id
     for no key update of s`,
    [seatIds, reservationIds],
  );
}

async function readReservations(
  tx: Database,
  reservationIds: readonly string[],
): Promise<{ now: Date; reservations: Reservation[] }> {
  const rows = await query<Reservation & { now: Date }>(
    tx,
    `select clock.now, reservation_id as "reservationId", concert_seat_id as "concertSeatId", user_id as "userId",
       status, json_build_object('amount', price_amount, 'currency', currency) as price,
       hold_expires_at as "holdExpiresAt", paying_saga as "payingSaga"
     from (select clock_timestamp() as now) clock
       left join reservation on reservation_id = any(?::uuid[])`,
    [reservationIds],
  );
  const { now } = rows[0] as { now: Date };
  return { now, reservations: rows.filter(({ reservationId }) => reservationId !== null) };
}

async function updateReservations(tx: Database, rows: readonly Reservation[]): Promise<void> {
  if (rows.length === 0) return;
  await query(
    tx,
    `update reservation set status = new.status, paying_saga = new.paying_saga
     from unnest(?::uuid[], ?::text[], ?::uuid[]) as new (reservation_id, status, paying_saga)
     where reservation.reservation_id = new.reservation_id`,
    [
      rows.map(({ reservationId }) => reservationId),
      rows.map(({ status }) => status),
      rows.map(({ payingSaga }) => payingSaga),
    ],
  );
}

async function insertReservations(tx: Database, rows: readonly Reservation[]): Promise<void> {
  if (rows.length === 0) return;
  await query(
    tx,
    `insert into reservation (reservation_id, concert_seat_id, user_id, status, price_amount, currency,
       hold_expires_at, paying_saga)
     select * from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::timestamptz[],
       ?::uuid[])`,
    [
      rows.map(({ reservationId }) => reservationId),
      rows.map(({ concertSeatId }) => concertSeatId),
      rows.map(({ userId }) => userId),
      rows.map(({ status }) => status),
      rows.map(({ price }) => price.amount),
      rows.map(({ price }) => price.currency),
      rows.map(({ holdExpiresAt }) => holdExpiresAt),
      rows.map(({ payingSaga }) => payingSaga),
    ],
  );
}

async function updateSeats(tx: Database, rows: readonly Seat[]): Promise<void> {
  if (rows.length === 0) return;
  await query(
    tx,
    `update concert_seat set status = new.status, reservation_id = new.reservation_id, fence = new.fence
     from unnest(?::uuid[], ?::text[], ?::uuid[], ?::bigint[])
       as new (concert_seat_id, status, reservation_id, fence)
     where concert_seat.concert_seat_id = new.concert_seat_id`,
    [
      rows.map(({ concertSeatId }) => concertSeatId),
      rows.map(({ status }) => status),
      rows.map(({ reservationId }) => reservationId),
      rows.map(({ fence }) => fence),
    ],
  );
}
