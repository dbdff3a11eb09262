import { createHash } from 'node:crypto';
import { IdempotencyHeaders, RequiredIdempotencyHeaders } from '@holdfast/shared/http/idempotency';
import Type from 'typebox';

/** The headers of a POST that starts a saga. */
const own = Type.Object({
  'queue-token': Type.String({ minLength: 1, maxLength: 512, description: 'as given by POST /v1/tokens' }),
  prefer: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'RFC 7240: `wait=N` (seconds, at most 30) or `respond-async`',
    }),
  ),
  'holdfast-fault': Type.Optional(
    Type.String({ maxLength: 100, description: 'failure on demand, where HOLDFAST_FAULTS=1' }),
  ),
});

export const ReservationHeaders = Type.Object({ ...IdempotencyHeaders.properties, ...own.properties });
export const PaymentHeaders = Type.Object({ ...RequiredIdempotencyHeaders.properties, ...own.properties });

/** The only form in which a queue token goes beyond the edge. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');
