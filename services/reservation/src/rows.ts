import type { CommandMessage } from '@holdfast/shared/contracts/protocol';
import { hold, loadSeat } from '@holdfast/shared/contracts/reservation';
import { type Database, prepared, type Statement } from '@holdfast/shared/database/query';
import { type Reservation, type Seat, type SeatCount, type State, stateOf } from './state.ts';

/**
 * Loads what `commands` are about. The row locks of seats guard their reservations as well: whoever changes either has
 * the seats first. So there is one kind of lock, taken in the order of the seats' ids, and batches can't deadlock. Reads
 * don't lock: a batch of nothing else writes nothing, and its commit waits for no disk.
 */
export async function load(tx: Database, commands: readonly CommandMessage[]): Promise<State> {
  const looks = commands.filter(({ type }) => type === loadSeat.type);
  const changes = commands.filter(({ type }) => type !== loadSeat.type);
  const holds = changes.filter(({ type }) => type === hold.type);
  const buyers = holds.map(({ payload }) => payload.userId as string);
  const reservationIds = changes.flatMap(
    ({ payload }) => (payload.reservationId as string | undefined) ?? [],
  );
  // In this order: nobody waits in a circle, and what hangs on a seat is read once the seat is locked.
  const [, looked, locked, { now, reservations }] = await Promise.all([
    lockBuyers(tx, buyers),
    readSeats(tx, seatIdsIn(looks)),
    lockSeats(tx, seatIdsIn(changes), reservationIds),
    readReservations(tx, { seatIds: seatIdsIn(commands), reservationIds }),
  ]);
  // The locked ones last: where a seat is both looked at and changed, they count.
  const seats = [...looked, ...locked];
  const concerts = seats.map(({ concertId }) => concertId);
  return stateOf(now, seats, reservations, await countSeats(tx, buyers, concerts));
}

/** A reservation and its seats, locked until the transaction ends. */
export async function lockReservation(tx: Database, reservationId: string): Promise<State> {
  const [seats, { now, reservations }] = await Promise.all([
    lockSeats(tx, [], [reservationId]),
    readReservations(tx, { seatIds: [], reservationIds: [reservationId] }),
  ]);
  return stateOf(now, seats, reservations);
}

export const seatIdsIn = (commands: readonly CommandMessage[]): string[] =>
  commands.flatMap(({ payload }) => (payload.concertSeatIds as string[] | undefined) ?? []);

/** What writes the rows that have changed. */
export function changes(state: State): Statement[] {
  const { loaded } = state;
  const changedSeats = [...state.seats.values()].filter((row) => loaded.seats.get(row.concertSeatId) !== row);
  const changed = [...state.reservations.values()].filter(
    (row) => loaded.reservations.get(row.reservationId) !== row,
  );
  const added = changed.filter((row) => !loaded.reservations.has(row.reservationId));
  const updated = changed.filter((row) => loaded.reservations.has(row.reservationId));

  // What ends a hold goes first: only then does the index of one live reservation per seat let the next one in.
  return [...updateReservations(updated), ...insertReservations(added), ...updateSeats(changedSeats)];
}

const seatColumns = `
  s.concert_seat_id as "concertSeatId", p.concert_id as "concertId", p.performance_id as "performanceId", s.status,
  s.reservation_id as "reservationId", s.fence, json_build_object('amount', s.price_amount, 'currency', s.currency) as price`;

async function readSeats(tx: Database, seatIds: readonly string[]): Promise<Seat[]> {
  if (seatIds.length === 0) return [];
  return prepared<Seat>(
    tx,
    `select ${seatColumns} from concert_seat s join performance p using (performance_id)
     where s.concert_seat_id = any(?::uuid[])`,
    [seatIds],
  );
}

/** What {@link lockSeats} locks; its bindings are the seats, the reservations, and the seats once more. */
const seatsNamed = `
  ?::uuid[] || array(
    select concert_seat_id from reservation_seat where reservation_id = any(
      ?::uuid[] || array(
        select reservation_id from concert_seat
        where concert_seat_id = any(?::uuid[]) and reservation_id is not null)))`;

/**
 * The seats named, those of the reservations named, and those of whoever has a seat that is named: a hold that has run
 * out gives up all of its seats at once. Which seats a reservation is for never changes.
 */
async function lockSeats(
  tx: Database,
  seatIds: readonly string[],
  reservationIds: readonly string[],
): Promise<Seat[]> {
  if (seatIds.length + reservationIds.length === 0) return [];
  return prepared<Seat>(
    tx,
    `select ${seatColumns} from concert_seat s join performance p using (performance_id)
     where s.concert_seat_id = any(${seatsNamed})
     order by s.concert_seat_id
     for no key update of s`,
    [seatIds, reservationIds, seatIds],
  );
}

/**
 * Nobody else holds seats for these users until the transaction ends: only so what they have can be counted, whichever
 * partition or instance their other holds are on. What ends a hold needn't ask: it only leaves room.
 */
async function lockBuyers(tx: Database, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  await prepared(
    tx,
    `select pg_advisory_xact_lock(key) from (
       select distinct hashtextextended('buyer ' || user_id, 0) as key from unnest(?::uuid[]) as user_id order by key
     ) keys`,
    [userIds],
  );
}

/** How many seats these users have of these concerts, held or paid. A hold that has run out counts until it is freed. */
async function countSeats(
  tx: Database,
  userIds: readonly string[],
  concertIds: readonly string[],
): Promise<SeatCount[]> {
  if (userIds.length === 0) return [];
  return prepared<SeatCount>(
    tx,
    `select user_id as "userId", concert_id as "concertId", count(*) as seats
     from performance
       join reservation using (performance_id)
       join reservation_seat using (reservation_id)
     where concert_id = any(?::uuid[]) and user_id = any(?::uuid[]) and reservation.live
     group by user_id, concert_id`,
    [concertIds, userIds],
  );
}

/** Those named, and those of whoever has a seat that is named or is of one named. */
async function readReservations(
  tx: Database,
  { seatIds, reservationIds }: { seatIds: readonly string[]; reservationIds: readonly string[] },
): Promise<{ now: Date; reservations: Reservation[] }> {
  const rows = await prepared<Reservation & { now: Date }>(
    tx,
    `select clock.now, reservation_id as "reservationId", performance_id as "performanceId", user_id as "userId",
       array(select concert_seat_id from reservation_seat s
             where s.reservation_id = reservation.reservation_id order by concert_seat_id) as "concertSeatIds",
       status, json_build_object('amount', price_amount, 'currency', currency) as price,
       hold_expires_at as "holdExpiresAt", paying_saga as "payingSaga", refunding_saga as "refundingSaga"
     from (select clock_timestamp() as now) clock
       left join reservation on reservation_id = any(
         ?::uuid[] || array(
           select s.reservation_id from concert_seat s
           where s.reservation_id is not null and s.concert_seat_id = any(${seatsNamed})))`,
    [reservationIds, seatIds, reservationIds, seatIds],
  );
  const { now } = rows[0] as { now: Date };
  return { now, reservations: rows.filter(({ reservationId }) => reservationId !== null) };
}

function updateReservations(rows: readonly Reservation[]): Statement[] {
  if (rows.length === 0) return [];
  return [
    {
      sql: `update reservation set status = new.status, paying_saga = new.paying_saga, refunding_saga = new.refunding_saga
     from unnest(?::uuid[], ?::text[], ?::uuid[], ?::uuid[]) as new (reservation_id, status, paying_saga, refunding_saga)
     where reservation.reservation_id = new.reservation_id`,
      bindings: [
        rows.map(({ reservationId }) => reservationId),
        rows.map(({ status }) => status),
        rows.map(({ payingSaga }) => payingSaga),
        rows.map(({ refundingSaga }) => refundingSaga),
      ],
    },
  ];
}

function insertReservations(rows: readonly Reservation[]): Statement[] {
  if (rows.length === 0) return [];
  return [
    {
      sql: `with made as (
       insert into reservation (reservation_id, performance_id, user_id, status, price_amount, currency,
         hold_expires_at, paying_saga)
       select * from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::timestamptz[],
         ?::uuid[])
       returning reservation_id, live
     )
     insert into reservation_seat (reservation_id, concert_seat_id, live)
     select reservation_id, concert_seat_id, live
     from made join unnest(?::uuid[], ?::uuid[]) as seat (reservation_id, concert_seat_id) using (reservation_id)`,
      bindings: [
        rows.map(({ reservationId }) => reservationId),
        rows.map(({ performanceId }) => performanceId),
        rows.map(({ userId }) => userId),
        rows.map(({ status }) => status),
        rows.map(({ price }) => price.amount),
        rows.map(({ price }) => price.currency),
        rows.map(({ holdExpiresAt }) => holdExpiresAt),
        rows.map(({ payingSaga }) => payingSaga),
        rows.flatMap(({ reservationId, concertSeatIds }) => concertSeatIds.map(() => reservationId)),
        rows.flatMap(({ concertSeatIds }) => concertSeatIds),
      ],
    },
  ];
}

function updateSeats(rows: readonly Seat[]): Statement[] {
  if (rows.length === 0) return [];
  return [
    {
      sql: `update concert_seat set status = new.status, reservation_id = new.reservation_id, fence = new.fence
     from unnest(?::uuid[], ?::text[], ?::uuid[], ?::bigint[])
       as new (concert_seat_id, status, reservation_id, fence)
     where concert_seat.concert_seat_id = new.concert_seat_id`,
      bindings: [
        rows.map(({ concertSeatId }) => concertSeatId),
        rows.map(({ status }) => status),
        rows.map(({ reservationId }) => reservationId),
        rows.map(({ fence }) => fence),
      ],
    },
  ];
}
