import type { CommandSeen, Facts, SagaRow } from '../facts.ts';
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
    const token = claims.get(tokenHash);
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
  return [...violations, ...checkOneAtATime([...tables.sagas.values()], messages.commands.token)];
}

const isLive = (saga: SagaRow | undefined): boolean =>
  saga !== undefined && saga.status !== 'COMPLETED' && saga.status !== 'COMPENSATED';

function leftovers(saga: SagaRow, { reservations, payments, locks: _, seats }: Facts['tables']): string[] {
  if (saga.status === 'PARKED') return saga.parkedReason ? [] : ['no reason is given'];
  if (isLive(saga)) return ["it hasn't ended"];
  const found: string[] = [];
  if (!saga.settled) found.push("its end isn't marked as published");
  if (saga.endedAt === null) found.push('nobody knows when it ended');
  const completed = saga.status === 'COMPLETED';
  const reservation = reservations.get(saga.reservationId);
  if (saga.type === 'reserve') {
    if (completed && !reservation) found.push('there is no reservation');
    if (completed && reservation?.status === 'CANCELLED') found.push('its reservation is cancelled');
    if (!completed && (reservation?.status === 'TEMPORARY_HOLD' || reservation?.status === 'PAID'))
      found.push(`its reservation is ${reservation.status}`);
    return found;
  }
  const payment = saga.paymentId === null ? undefined : payments.get(saga.paymentId);
  const paid = reservation?.status === 'PAID' && reservation.payingSaga === saga.sagaId;
  if (completed && !paid) found.push(`its reservation is ${reservation?.status ?? 'missing'}`);
  if (completed && payment?.status !== 'COMPLETED')
    found.push(`its payment is ${payment?.status ?? 'missing'}`);
  if (completed && seats.get(saga.concertSeatId)?.status !== 'SOLD') found.push("its seat isn't sold");
  if (!completed && paid) found.push('its reservation is paid');
  if (!completed && !paid && reservation?.payingSaga === saga.sagaId)
    found.push('its reservation is still marked');
  if (!completed && payment?.status === 'COMPLETED') found.push('its payment stands');
  return found;
}

/**
 * By the sagas' numbers, on each lock key: the one before has ended before the next one's first command was produced.
 * That is after the next had won the lock, whereas `started_at` is the begin of a transaction that may have waited for it.
 */
function checkOneAtATime(
  sagas: readonly SagaRow[],
  tokenCommands: ReadonlyMap<string, CommandSeen>,
): Violation[] {
  const violations: Violation[] = [];
  const byKey = groupBy(sagas, ({ lockKey }) => lockKey);
  for (const [lockKey, ofKey] of byKey) {
    const inOrder = ofKey.toSorted((a, b) => a.sagaNo - b.sagaNo);
    let before: SagaRow | undefined;
    for (const saga of inOrder) {
      const began = tokenCommands.get(`${saga.sagaId}/verify-token/do`)?.at ?? saga.startedAt;
      const ended = before?.endedAt ?? Number.POSITIVE_INFINITY;
      if (before && (before.sagaNo === saga.sagaNo || ended > began + clockGrainMs))
        violations.push({
          promise: 'sagas',
          what:
            before.endedAt === null
              ? `${lockKey}: a saga began though the one before it hasn't ended`
              : `${lockKey}: a saga began ${Math.ceil(ended - began)} ms before the one before it had ended`,
          ids: [before.sagaId, saga.sagaId],
          look: `orchestrator.saga where lock_key = '${lockKey}' order by saga_no`,
        });
      before = saga;
    }
  }
  return violations;
}

/** Two clocks of one machine, each rounded in its own way. */
const clockGrainMs = 2;
