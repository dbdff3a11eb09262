import { signed } from '@holdfast/balance/transfers';
import { hasEnded } from '@holdfast/orchestrator/engine/saga';
import type { StoredSaga } from '@holdfast/orchestrator/runner/store';
import { paySaga } from '@holdfast/orchestrator/sagas/pay';
import { refundSaga } from '@holdfast/orchestrator/sagas/refund';
import { reserveSaga } from '@holdfast/orchestrator/sagas/reserve';
import type { Deed } from './history.ts';
import type { Answer } from './load.ts';
import type { SagaTables } from './orchestrator/tables.ts';
import { parkedWell } from './parked.ts';
import type { BalanceTables } from './participants/balance.ts';
import type { PaymentTables } from './participants/payment.ts';
import { countSeats, maxSeatsPerUser, type ReservationTables } from './participants/reservation.ts';
import type { TokenTables } from './participants/token.ts';

export type Violation = { promise: string; sagaId?: string | undefined };

export type Tables = SagaTables & BalanceTables & PaymentTables & ReservationTables & TokenTables;

export type Evidence = {
  tables: Tables;
  deeds: readonly Deed[];
  answers: readonly Answer[];
  /** Reservations that a user was told to have cancelled. */
  cancelled: readonly string[];
  /** The sagas for which payment.completed, or payment.refunded, was published. */
  told: ReadonlySet<string>;
};

/** Which of the promises a run that has come to rest has broken. */
export function check(evidence: Evidence): Violation[] {
  const { tables } = evidence;
  const sagas = [...tables.sagas.values()];
  return [
    ...sagas.flatMap((saga) =>
      problemsOf(saga, evidence).map((promise) => ({ promise, sagaId: saga.sagaId })),
    ),
    ...parkedWell(tables),
    ...money(tables),
    ...seats(tables),
    ...deeds(evidence.deeds),
    ...answers(evidence),
    ...cancelled(evidence),
    ...[...tables.locks.values()].flatMap(({ key, sagaId }) => {
      const saga = tables.sagas.get(sagaId);
      return saga && !hasEnded(saga) ? [] : [{ promise: `the lock ${key} is held by nobody`, sagaId }];
    }),
  ];
}

/** All or nothing, and nothing left behind. */
function problemsOf(saga: StoredSaga, { tables, told }: Evidence): string[] {
  const { sagaId, status, context } = saga;
  if (status === 'PARKED') return [];
  if (!hasEnded(saga)) return [`a saga hasn't ended: ${status}`];
  const completed = status === 'COMPLETED';
  const problems: string[] = [];
  const expect = (holds: boolean, promise: string) => {
    if (!holds) problems.push(`${saga.type} ${status}: ${promise}`);
  };
  expect(saga.settled, "its end isn't settled");
  const token = tables.tokens.get((context.tokenHash as string | undefined) ?? '');
  expect(token?.claimedBy !== sagaId, 'its token is still claimed');
  if (saga.type === 'reserve') {
    const reservation = tables.reservations.get(sagaId);
    if (completed) expect(reservation !== undefined, 'there is no reservation');
    else expect(reservation?.status !== 'TEMPORARY_HOLD', 'its seats are still held');
    return problems;
  }
  const reservation = tables.reservations.get(context.reservationId as string);
  const payment = tables.payments.get((context.paymentId as string | undefined) ?? '');
  const price = (context.price as { amount: number } | undefined)?.amount ?? 0;
  const off = deducted(tables, sagaId);
  if (saga.type === 'refund') {
    const refunded = reservation?.status === 'REFUNDED' && reservation.refundingSaga === sagaId;
    expect(refunded === completed, `reservation ${reservation?.status}`);
    expect(completed || reservation?.refundingSaga !== sagaId, 'the reservation is still marked');
    const itsPayment = payment?.status === 'REFUNDED' && payment.refundingSaga === sagaId;
    expect(itsPayment === completed, `payment ${payment?.status}`);
    expect(-off === (completed ? price : 0), `credited ${-off} of ${price}`);
    expect(told.has(sagaId) === completed, 'payment.refunded');
    return problems;
  }
  const wasPaid = reservation?.status === 'PAID' || reservation?.status === 'REFUNDED';
  const paid = wasPaid && reservation.payingSaga === sagaId;
  const stands = payment?.status === 'COMPLETED' || payment?.status === 'REFUNDED';
  expect(paid === completed, `reservation ${reservation?.status}`);
  expect(completed || reservation?.payingSaga !== sagaId, 'the reservation is still marked');
  expect(stands === completed, `payment ${payment?.status}`);
  expect(off === (completed ? price : 0), `deducted ${off} of ${price}`);
  expect(told.has(sagaId) === completed, 'payment.completed');
  return problems;
}

function deducted({ ledger }: Tables, sagaId: string): number {
  let sum = 0;
  for (const entry of ledger) if (entry.commandId?.startsWith(sagaId)) sum -= signed(entry);
  return sum;
}

/** What was charged is on balances or was deducted; and what is off them is in completed payments, unless it is parked. */
function money({ accounts, ledger, payments, sagas }: Tables): Violation[] {
  const parked = [...sagas.values()].some(({ status }) => status === 'PARKED');
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);
  const charged = sum(ledger.map(({ kind, amount }) => (kind === 'charge' ? amount : 0)));
  const moved = sum(ledger.map(signed));
  const balances = sum([...accounts.values()].map(({ balance }) => balance));
  const paid = sum([...payments.values()].map((row) => (row.status === 'COMPLETED' ? row.price.amount : 0)));
  const violations: Violation[] = [];
  if (balances !== moved) violations.push({ promise: `balances ${balances}, ledger ${moved}` });
  if (!parked && charged !== balances + paid)
    violations.push({ promise: `money: charged ${charged}, balances ${balances}, paid ${paid}` });
  for (const { userId, balance } of accounts.values())
    if (balance < 0) violations.push({ promise: `user ${userId} owes ${-balance}` });
  return violations;
}

export function seats({ reservations, seats: rows }: ReservationTables): Violation[] {
  const holders = new Map<string, string>();
  const violations: Violation[] = [];
  for (const { reservationId, concertSeatIds, status, price } of reservations.values()) {
    if (status !== 'PAID' && status !== 'TEMPORARY_HOLD') continue;
    const say = (promise: string) => violations.push({ promise, sagaId: reservationId });
    let total = 0;
    for (const concertSeatId of concertSeatIds) {
      const seat = rows.get(concertSeatId);
      total += seat?.price.amount ?? 0;
      if (seat?.reservationId !== reservationId || (status === 'PAID') !== (seat.status === 'SOLD'))
        say(`a seat ${seat?.status} isn't its ${status} reservation's`);
      if (holders.has(concertSeatId)) say('a seat has two holders');
      holders.set(concertSeatId, reservationId);
    }
    if (total !== price.amount) say(`a reservation costs ${price.amount}, its seats ${total}`);
  }
  const users = new Set([...reservations.values()].map(({ userId }) => userId));
  for (const { userId, seats: count } of countSeats({ reservations, seats: rows }, [...users]))
    if (count > maxSeatsPerUser) violations.push({ promise: `user ${userId} has ${count} seats` });
  for (const { concertSeatId, reservationId } of rows.values())
    if (reservationId !== null && holders.get(concertSeatId) !== reservationId)
      violations.push({ promise: "a seat isn't free, though nobody has it", sagaId: reservationId });
  return violations;
}

/** What a user was told to have cancelled was never paid. */
const cancelled = ({ cancelled: told, tables }: Evidence): Violation[] =>
  told.flatMap((sagaId): Violation[] => {
    const status = tables.reservations.get(sagaId)?.status;
    return status === 'CANCELLED' || status === 'EXPIRED'
      ? []
      : [{ promise: `a cancelled hold is ${status}`, sagaId }];
  });

/** What is sent after a saga's end does no harm when it is done again: participants may have forgotten it by then. */
const afterCommit = new Set(
  [reserveSaga, paySaga, refundSaga].flatMap((saga) =>
    saga.afterCommit.map((after) => ('name' in after ? after.name : '')),
  ),
);
const repeatable = (commandId: string): boolean => afterCommit.has(commandId.split('/')[1] as string);

function deeds(history: readonly Deed[]): Violation[] {
  const seen = new Set<string>();
  const lastOnSeat = new Map<string, number>();
  const violations: Violation[] = [];
  for (const { of, what, sagaNo, seats = [] } of history) {
    const say = (promise: string) =>
      violations.push({ promise: `${of} ${promise}`, sagaId: of.split('/')[0] });
    if (what !== 'tombstone' && !repeatable(of) && seen.has(`${of} ${what}`)) say(`was ${what} twice`);
    if (what === 'done' && seen.has(`${of} tombstone`)) say('ran after its tombstone');
    if (what === 'done' && seen.has(`${of} undone`)) say('ran after it was undone');
    seen.add(`${of} ${what}`);
    for (const seat of seats) {
      if (sagaNo < (lastOnSeat.get(seat) ?? 0)) say('took the seat after a later saga had');
      lastOnSeat.set(seat, Math.max(sagaNo, lastOnSeat.get(seat) ?? 0));
    }
  }
  return violations;
}

/** An answer that says how a saga has ended stays true, and a key is one saga. */
function answers({ answers: given, tables }: Evidence): Violation[] {
  const byKey = new Map<string, string>();
  return given.flatMap(({ key, sagaId, status }) => {
    const violations: Violation[] = [];
    const saga = tables.sagas.get(sagaId);
    if (status && hasEnded({ status }) && saga?.status !== status)
      violations.push({ promise: `a client was told ${status}, the saga is ${saga?.status}`, sagaId });
    if ((byKey.get(key) ?? sagaId) !== sagaId) violations.push({ promise: 'a key began two sagas', sagaId });
    byKey.set(key, sagaId);
    return violations;
  });
}

/** No two unfinished sagas are at work on one seat, whatever the lock says. */
export function rivals({ sagas, unsettled }: SagaTables): Violation[] {
  const atWork = new Set<unknown>();
  return [...unsettled].flatMap((id): Violation[] => {
    const saga = sagas.get(id);
    if (!saga || hasEnded(saga)) return [];
    return (saga.context.concertSeatIds as string[]).flatMap((seat): Violation[] => {
      if (atWork.has(seat)) return [{ promise: 'two sagas are at work on a seat', sagaId: id }];
      atWork.add(seat);
      return [];
    });
  });
}
