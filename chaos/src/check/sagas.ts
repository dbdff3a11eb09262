import type { CommandSeen, Facts, PaymentRow, ReservationRow, SagaRow } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import type { Violation } from './violation.ts';

/** Every saga has ended, or is parked with a reason; what it did is all or nothing; and nothing is left behind. */
export function checkSagas({ tables, messages, redisLocks }: Facts): Violation[] {
  const violations: Violation[] = [];
  const say = (what: string, ids: readonly string[], look: string) =>
    violations.push({ promise: 'sagas', what, ids, look });

  for (const saga of tables.sagas.values()) {
    for (const what of leftovers(saga, tables))
      say(`${saga.type} ${saga.status}: ${what}`, [saga.sagaId], `orchestrator.saga ${saga.sagaId}`);
  }
  const claims = new Map(tables.tokens.map((token) => [token.tokenHash, token]));
  for (const { sagaId, tokenHash, status } of tables.sagas.values()) {
    const token = tokenHash === null ? undefined : claims.get(tokenHash);
    if (status === 'COMPLETED' && token)
      say('its token was used, and is still there', [sagaId, token.tokenId], 'token.token');
  }
  for (const { tokenId, claimedBy } of tables.tokens)
    if (claimedBy !== null && !isLive(tables.sagas.get(claimedBy)))
      say('a token is claimed by a saga that has ended', [tokenId, claimedBy], 'token.token');
  for (const { lockKey, sagaId } of tables.locks)
    if (!isLive(tables.sagas.get(sagaId)))
      say('a lock is held without a live saga', [lockKey, sagaId], 'orchestrator.lock');
  for (const lockKey of redisLocks)
    say('a lock outlived its lease in Redis', [lockKey], 'the lock in Redis, orchestrator.lock');
  return [...violations, ...checkOneAtATime([...tables.sagas.values()], messages.commands)];
}

const isLive = (saga: SagaRow | undefined): boolean =>
  saga !== undefined && saga.status !== 'COMPLETED' && saga.status !== 'COMPENSATED';

function leftovers(saga: SagaRow, { sagas, reservations, payments, seats }: Facts['tables']): string[] {
  if (saga.status === 'PARKED') return saga.parkedReason ? [] : ['no reason is given'];
  if (isLive(saga)) return ["it hasn't ended"];
  const found: string[] = [];
  if (!saga.settled) found.push("its end isn't marked as published");
  if (saga.endedAt === null) found.push('nobody knows when it ended');
  const completed = saga.status === 'COMPLETED';
  const reservation = reservations.get(saga.reservationId);
  if (saga.type === 'reserve') {
    if (completed && !reservation) found.push('there is no reservation');
    if (!completed && isHeldOrPaid(reservation)) found.push(`its reservation is ${reservation.status}`);
    return found;
  }
  const payment = saga.paymentId === null ? undefined : payments.get(saga.paymentId);
  if (saga.type === 'refund') return refundLeftovers(saga, completed, reservation, payment);
  const wasRefunded = reservation?.status === 'REFUNDED';
  const paid = (reservation?.status === 'PAID' || wasRefunded) && reservation?.payingSaga === saga.sagaId;
  if (completed && !paid) found.push(`its reservation is ${reservation?.status ?? 'missing'}`);
  if (
    completed &&
    payment?.status !== (wasRefunded ? 'REFUNDED' : 'COMPLETED') &&
    !isInRefund(reservation, sagas)
  )
    found.push(`its payment is ${payment?.status ?? 'missing'}`);
  if (completed && !wasRefunded && saga.concertSeatIds.some((id) => seats.get(id)?.status !== 'SOLD'))
    found.push("a seat of its isn't sold");
  if (!completed && paid) found.push('its reservation is paid');
  if (!completed && !paid && reservation?.payingSaga === saga.sagaId)
    found.push('its reservation is still marked');
  if (!completed && (payment?.status === 'COMPLETED' || payment?.status === 'REFUNDED'))
    found.push('its payment stands');
  return found;
}

const isHeldOrPaid = (reservation: ReservationRow | undefined): reservation is ReservationRow =>
  reservation !== undefined && ['TEMPORARY_HOLD', 'PAID', 'REFUNDED'].includes(reservation.status);

/** A parked refund may have taken the payment back, and nothing else yet. */
const isInRefund = (reservation: ReservationRow | undefined, sagas: Facts['tables']['sagas']): boolean =>
  isLive(sagas.get(reservation?.refundingSaga ?? ''));

/** All of it is taken back, or none. */
function refundLeftovers(
  { sagaId }: SagaRow,
  completed: boolean,
  reservation: ReservationRow | undefined,
  payment: PaymentRow | undefined,
): string[] {
  const found: string[] = [];
  const refunded = reservation?.status === 'REFUNDED' && reservation.refundingSaga === sagaId;
  const itsPayment = payment?.status === 'REFUNDED' && payment.refundingSaga === sagaId;
  if (completed && !refunded) found.push(`its reservation is ${reservation?.status ?? 'missing'}`);
  if (completed && !itsPayment) found.push(`its payment is ${payment?.status ?? 'missing'}`);
  if (!completed && reservation?.refundingSaga === sagaId)
    found.push(refunded ? 'its reservation is refunded' : 'its reservation is still marked');
  if (!completed && itsPayment) found.push('its payment is refunded');
  return found;
}

/**
 * By the sagas' numbers, on each lock key: the one before has ended before the next one's first command was produced.
 * That is after the next had won the lock, whereas `started_at` is the begin of a transaction that may have waited for it.
 */
function checkOneAtATime(sagas: readonly SagaRow[], commands: Facts['messages']['commands']): Violation[] {
  const violations: Violation[] = [];
  const ofKeys = sagas.flatMap((saga) => saga.lockKeys.map((lockKey) => ({ lockKey, saga })));
  const byKey = groupBy(ofKeys, ({ lockKey }) => lockKey);
  for (const [lockKey, ofKey] of byKey) {
    const inOrder = ofKey.map(({ saga }) => saga).toSorted((a, b) => a.sagaNo - b.sagaNo);
    let before: SagaRow | undefined;
    for (const saga of inOrder) {
      const began = firstCommand(saga, commands)?.at ?? saga.startedAt;
      const ended = before?.endedAt ?? Number.POSITIVE_INFINITY;
      if (before && (before.sagaNo === saga.sagaNo || ended > began + clockGrainMs))
        violations.push({
          promise: 'sagas',
          what:
            before.endedAt === null
              ? `${lockKey}: a saga began though the one before it hasn't ended`
              : `${lockKey}: a saga began ${Math.ceil(ended - began)} ms before the one before it had ended`,
          ids: [before.sagaId, saga.sagaId],
          look: `orchestrator.saga where '${lockKey}' = any(lock_keys) order by saga_no`,
        });
      before = saga;
    }
  }
  return violations;
}

const firstCommand = (
  { sagaId, type }: SagaRow,
  { token, reservation }: Facts['messages']['commands'],
): CommandSeen | undefined =>
  type === 'refund'
    ? reservation.get(`${sagaId}/load-paid-reservation/do`)
    : token.get(`${sagaId}/verify-token/do`);

/** Two clocks of one machine, each rounded in its own way. */
const clockGrainMs = 2;
