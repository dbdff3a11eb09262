import { createHash } from 'node:crypto';
import { IdempotencyHeaders, RequiredIdempotencyHeaders } from '@holdfast/shared/http/idempotency';
import type { FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { parseFaults } from './faults.ts';
import { waitMs } from './preference.ts';
import type { SagaRequest } from './start-saga.ts';

/** What all requests that start a saga have in common. */

const QueueToken = {
  'queue-token': Type.String({ minLength: 1, maxLength: 512, description: 'as given by POST /v1/tokens' }),
};
const own = {
  prefer: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'RFC 7240: `wait=N` (seconds, at most 30) or `respond-async`',
    }),
  ),
  'holdfast-fault': Type.Optional(
    Type.String({ maxLength: 200, description: 'failure on demand, where HOLDFAST_FAULTS=1' }),
  ),
};

export const ReservationHeaders = Type.Object({ ...IdempotencyHeaders.properties, ...QueueToken, ...own });
export const PaymentHeaders = Type.Object({
  ...RequiredIdempotencyHeaders.properties,
  ...QueueToken,
  ...own,
});
export const RefundHeaders = Type.Object({ ...RequiredIdempotencyHeaders.properties, ...own });

type Headers = Omit<Static<typeof ReservationHeaders>, 'queue-token'>;

/** @throws Problem `faults-disabled`, or `validation`, for a `Holdfast-Fault` that isn't in order */
export const readRequest = (
  {
    headers,
    body,
    user,
    traceparent,
  }: Pick<FastifyRequest, 'body' | 'user' | 'traceparent'> & {
    headers: Headers;
  },
  faultsEnabled: boolean,
): Pick<SagaRequest, 'userId' | 'idempotencyKey' | 'body' | 'faults' | 'traceparent' | 'waitMs'> => ({
  userId: user.userId,
  idempotencyKey: headers['idempotency-key'],
  body,
  faults: parseFaults(headers['holdfast-fault'], faultsEnabled),
  traceparent,
  waitMs: waitMs(headers.prefer),
});

/** The only form in which a queue token goes beyond the edge. */
export const tokenHash = (headers: { 'queue-token': string }): string =>
  createHash('sha256').update(headers['queue-token']).digest('hex');
