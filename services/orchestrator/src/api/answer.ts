import { type ProblemCode, problem } from '@holdfast/shared/http/problems';
import type { FastifyReply } from 'fastify';
import type { Failure, Saga } from '../engine/saga.ts';
import { definitionOf } from '../sagas/definitions.ts';

/**
 * Tells a client of its saga. What it is told follows from the row alone, so that it is the same however often it asks.
 *
 * @returns the reply; as `never`, since its type is that of whichever route it is for
 * @throws Problem where the saga was compensated, or settled by an operator
 */
export function answer(reply: FastifyReply, sagaId: string, saga: Saga | undefined): never {
  if (saga?.status === 'COMPENSATED') throw refusal(saga);
  if (saga?.status === 'SETTLED')
    throw problem('saga-settled', 'What became of it, the operators know.', { extra: { sagaId } });
  if (saga?.status === 'COMPLETED')
    return reply.code(201).send({ ...definitionOf(saga).result(saga.context), sagaId }) as never;
  // Still under way, or parked: what becomes of it is to be seen there.
  const status = saga?.status ?? 'RUNNING';
  return reply.code(202).header('location', `/v1/sagas/${sagaId}`).send({ sagaId, status }) as never;
}

/** Refusals that a client can do something about; any other failure is a technical one. */
const problems: Record<string, ProblemCode> = {
  'token-not-active': 'token-not-active',
  'token-for-another-concert': 'token-not-active',
  'seat-not-found': 'seat-not-found',
  'seat-taken': 'seat-taken',
  'seat-limit-exceeded': 'seat-limit-exceeded',
  'seats-not-together': 'seats-not-together',
  'user-not-found': 'user-not-found',
  'reservation-not-found': 'reservation-not-found',
  'hold-expired': 'hold-expired',
  'already-paid': 'already-paid',
  'in-payment': 'seat-locked',
  'in-refund': 'seat-locked',
  'not-paid': 'not-paid',
  'already-refunded': 'already-refunded',
  'insufficient-balance': 'insufficient-balance',
  'currency-mismatch': 'currency-mismatch',
};

function refusal({ sagaId, failure }: Saga) {
  const { code, detail, type, outcome } = failure as Failure;
  const known = outcome === 'refused' ? problems[code] : undefined;
  if (known === undefined)
    return problem('saga-compensated', `${type}: all of it was undone.`, {
      retryAfter: 1,
      extra: { sagaId },
    });
  return problem(known, detail, { extra: { sagaId }, ...(known === 'seat-locked' && { retryAfter: 1 }) });
}
