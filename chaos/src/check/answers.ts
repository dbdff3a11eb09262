import type { Facts, Request, SagaRow, Tables } from '../facts.ts';
import type { Violation } from './violation.ts';

/** Each answer that was given is still true: by the rows, by the ledger, and by what was read later. */
export function checkAnswers({ requests, tables }: Pick<Facts, 'requests' | 'tables'>): Violation[] {
  const violations: Violation[] = [];
  const entries = entriesById(tables);
  const effects = effectsByKey(tables);
  const acknowledged: Acknowledged = { reservations: new Map(), payments: new Map() };
  const wished: Wishes = { cancel: askedFor('cancel', requests), refund: askedFor('refund', requests) };

  for (const request of requests.writes) {
    for (const answer of request.answers) {
      const objections = objectionsTo(request, answer, tables, entries, wished);
      for (const what of objections)
        violations.push({
          promise: 'answers',
          what: `${request.operation} ${answer.status} ${answer.body?.code ?? ''}: ${what}`,
          ids: [request.userId, request.key ?? '', answer.body?.sagaId ?? answer.body?.chargeId ?? ''],
          look: `the history; orchestrator.saga ${answer.body?.sagaId ?? ''}`,
        });
      if (answer.status === 201) note(acknowledged, request, answer);
    }
    const effect = isRefused(request) ? effects.get(`${request.userId} ${request.key}`) : undefined;
    if (effect !== undefined)
      violations.push({
        promise: 'answers',
        what: `${request.operation}: it was refused, and done all the same`,
        ids: [request.userId, request.key ?? '', effect],
        look: 'the history; the idempotency_key tables',
      });
  }
  for (const { operation, request, sentAt, answer } of requests.reads) {
    const what = readBackwards(operation, request, sentAt, answer, acknowledged, wished);
    if (what)
      violations.push({
        promise: 'answers',
        what: `${operation}: ${what}`,
        ids: Object.values(request).map(String),
        look: 'the history',
      });
  }
  return violations;
}

/** The reservations that their users wanted to be rid of. */
type Wishes = { cancel: ReadonlySet<string>; refund: ReadonlySet<string> };

const askedFor = (of: Request['operation'], { writes }: Facts['requests']): Set<string> =>
  new Set(
    writes.flatMap(({ operation, request }) => (operation === of ? [String(request.reservationId)] : [])),
  );

type Answer = Request['answers'][number];
type Entries = ReadonlyMap<string, Tables['ledger'][number]>;

/** What was done by each key. */
const effectsByKey = ({ sagas, sagaKeys, ledger }: Tables): Map<string, string> =>
  new Map([
    ...ledger.flatMap(({ userId, chargeKey: key, entryId }): [string, string][] =>
      key === null ? [] : [[`${userId} ${key}`, entryId]],
    ),
    ...sagaKeys.flatMap(({ userId, key, of }): [string, string][] =>
      sagas.get(of)?.status === 'COMPLETED' ? [[`${userId} ${key}`, of]] : [],
    ),
  ]);

/** Every copy of it was refused for good. That a seat is locked just now isn't, and after a 5xx nobody knows. */
const isRefused = ({ key, answers, unanswered }: Request): boolean =>
  key !== undefined &&
  unanswered === 0 &&
  answers.length > 0 &&
  answers.every(
    ({ status, body }) => status >= 400 && status < 500 && status !== 429 && body?.code !== 'seat-locked',
  );

/** Charges by their id, what sagas did by the command's. */
const entriesById = ({ ledger }: Tables): Entries =>
  new Map(ledger.map((entry) => [entry.commandId ?? entry.entryId, entry]));

function objectionsTo(
  request: Request,
  answer: Answer,
  tables: Tables,
  entries: Entries,
  wished: Wishes,
): string[] {
  const { status, body } = answer;
  if (request.operation === 'charge') return status === 201 ? chargeStands(request, body, entries) : [];
  if (request.operation === 'cancel') return status === 204 ? cancellationStands(request, tables) : [];
  const sagaId = body?.sagaId as string | undefined;
  if (status !== 201 && status !== 202 && (status < 400 || sagaId === undefined)) return [];
  const saga = tables.sagas.get(sagaId as string);
  if (!saga) return ['there is no such saga'];
  if (saga.userId !== request.userId || saga.type !== sagaTypes[request.operation])
    return ["the saga is another's"];
  if (status === 202)
    return saga.status === 'RUNNING' || saga.status === 'COMPENSATING' ? ["it hasn't ended"] : [];
  if (status >= 400) return refusalStands(saga, body.code);
  if (saga.status !== 'COMPLETED') return [`the saga is ${saga.status}`];
  if (saga.type === 'refund') return refundStands(request, body, saga, tables, entries);
  return saga.type === 'pay'
    ? paymentStands(request, body, saga, tables, entries)
    : holdStands(request, body, tables, wished);
}

const sagaTypes: Readonly<Partial<Record<Request['operation'], SagaRow['type']>>> = {
  hold: 'reserve',
  pay: 'pay',
  refund: 'refund',
};

function chargeStands({ userId, request }: Request, body: Body, entries: Entries): string[] {
  const entry = entries.get(body.chargeId);
  if (!entry) return ['the ledger has no such entry'];
  return differences({
    kind: [entry.kind, 'charge'],
    user: [entry.userId, userId],
    amount: [entry.amount, request.amount],
    balance: [entry.balanceAfter, body.balance?.amount],
  });
}

function holdStands(
  { userId, request }: Request,
  body: Body,
  { reservations }: Tables,
  wished: Wishes,
): string[] {
  const row = reservations.get(body.reservationId);
  if (!row) return ['there is no such reservation'];
  return [
    ...(row.status === 'CANCELLED' && !wished.cancel.has(row.reservationId) ? ['it was cancelled'] : []),
    ...differences({
      user: [row.userId, userId],
      seats: [inOrder(row.concertSeatIds), inOrder(request.concertSeatIds)],
      'seats told': [inOrder(row.concertSeatIds), inOrder(body.concertSeatIds)],
      until: [Math.trunc(row.holdExpiresAt), Date.parse(body.holdExpiresAt)],
      price: [row.amount, body.price?.amount],
      currency: [row.currency, body.price?.currency],
    }),
  ];
}

const inOrder = (ids: unknown): string => [...((ids ?? []) as string[])].sort().join(' ');

/** Whatever became of the seats since: it was never paid, nor will it be. */
function cancellationStands({ userId, request }: Request, { reservations }: Tables): string[] {
  const row = reservations.get(String(request.reservationId));
  if (row?.userId !== userId) return ['there is no such reservation'];
  return row.status === 'CANCELLED' || row.status === 'EXPIRED' ? [] : [`it is ${row.status}`];
}

function refundStands(
  { request }: Request,
  body: Body,
  { sagaId }: SagaRow,
  { payments, reservations }: Tables,
  entries: Entries,
): string[] {
  const payment = payments.get(body.paymentId);
  const reservation = reservations.get(String(request.reservationId));
  const credit = entries.get(`${sagaId}/credit-balance/do`);
  return differences({
    payment: [payment?.status, 'REFUNDED'],
    'saga of the payment': [payment?.refundingSaga, sagaId],
    'reservation of the payment': [payment?.reservationId, request.reservationId],
    amount: [payment?.amount, body.amount],
    reservation: [reservation?.status, 'REFUNDED'],
    'saga of the reservation': [reservation?.refundingSaga, sagaId],
    credit: [credit?.amount ?? 0, body.amount],
  });
}

function paymentStands(
  { userId, request }: Request,
  body: Body,
  { sagaId }: SagaRow,
  { sagas, payments, reservations, seats }: Tables,
  entries: Entries,
): string[] {
  const payment = payments.get(body.paymentId);
  if (!payment) return ['there is no such payment'];
  const reservation = reservations.get(payment.reservationId);
  // A refund may have taken all of it back since, or be parked on its way.
  const refunded = sagas.get(reservation?.refundingSaga ?? '') !== undefined;
  const sold = (reservation?.concertSeatIds ?? []).every((id) => {
    const seat = seats.get(id);
    return seat?.status === 'SOLD' && seat.reservationId === payment.reservationId;
  });
  const deduction = entries.get(`${sagaId}/deduct-balance/do`);
  return [
    ...(entries.has(`${sagaId}/deduct-balance/undo`) ? ['its money was refunded'] : []),
    ...differences({
      payment: [payment.status, refunded ? payment.status : 'COMPLETED'],
      'payer of the payment': [payment.userId, userId],
      'reservation of the payment': [payment.reservationId, request.reservationId],
      'saga of the payment': [payment.sagaId, sagaId],
      'amount of the payment': [payment.amount, body.amount],
      'currency of the payment': [payment.currency, body.currency],
      reservation: [reservation?.status, refunded ? reservation?.status : 'PAID'],
      'payer of the reservation': [reservation?.payingSaga, sagaId],
      'seats sold': [sold, refunded ? sold : true],
      deduction: [deduction?.amount ?? 0, body.amount],
    }),
  ];
}

/** How a failure is told to a client, where that isn't by its own code. */
const toldAs: Readonly<Record<string, string>> = {
  'token-for-another-concert': 'token-not-active',
  'in-payment': 'seat-locked',
  'in-refund': 'seat-locked',
};

/** A failure of unknown outcome, and one that no client can do anything about, are told by one code. */
function refusalStands({ status, failure }: SagaRow, code: string): string[] {
  if (status !== 'COMPENSATED' || !failure) return [`the saga is ${status}`];
  if (code === 'saga-compensated') return [];
  const agrees = failure.outcome === 'refused' && (toldAs[failure.code] ?? failure.code) === code;
  return agrees ? [] : [`it failed by ${failure.code}`];
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Body = any;

const differences = (pairs: Record<string, readonly [unknown, unknown]>): string[] =>
  Object.entries(pairs).flatMap(([name, [found, expected]]) =>
    found === expected ? [] : [`${name} is ${String(found)}, not ${String(expected)}`],
  );

/** When it was first told that they are there: by reservation, by payment. */
type Acknowledged = { reservations: Map<string, number>; payments: Map<string, number> };

function note({ reservations, payments }: Acknowledged, { operation }: Request, { at, body }: Answer): void {
  const first = (times: Map<string, number>, id: string) => times.set(id, Math.min(times.get(id) ?? at, at));
  if (operation === 'hold') first(reservations, body.reservationId);
  if (operation === 'pay') first(payments, body.paymentId);
}

/** What doesn't show what had been acknowledged before it was asked for. How a hold goes on is the seat's check. */
function readBackwards(
  operation: string,
  request: Request['request'],
  sentAt: number,
  { status, body }: Answer,
  { reservations, payments }: Acknowledged,
  wished: Wishes,
): string | undefined {
  if (operation === 'read-reservation') {
    const told = reservations.get(String(request.reservationId));
    if (status === 404 && told !== undefined && told < sentAt)
      return 'an acknowledged reservation was not found';
  }
  if (operation === 'read-payment') {
    const told = payments.get(String(request.paymentId));
    if (told === undefined || told >= sentAt) return undefined;
    if (status === 404) return 'an acknowledged payment was not found';
    if (status === 200 && body.status === 'REFUNDED' && wished.refund.has(body.reservationId))
      return undefined;
    if (status === 200 && body.status !== 'COMPLETED') return `an acknowledged payment was ${body.status}`;
  }
  return undefined;
}
