import { serviceConfig } from '@holdfast/shared/config/common';
import { redisTlsCa, redisUrl } from '@holdfast/shared/config/redis';
import Type, { type Static } from 'typebox';

const ms = (description: string, value: number) =>
  Type.Integer({ default: value, minimum: 1, description: `${description}, in milliseconds` });
const count = (description: string, value: number) =>
  Type.Integer({ default: value, minimum: 0, description });

export const Config = serviceConfig({
  TOKEN_SECRET: Type.String({
    minLength: 32,
    writeOnly: true,
    description: 'what queue tokens are made from, 32 characters or more; another one ends all tokens',
  }),
  RESERVATION_URL: Type.Array(Type.String({ format: 'uri' }), {
    minItems: 1,
    description:
      'where the reservation service tells of concerts and reservations: base URLs, comma-separated',
  }),
  REDIS_URL: redisUrl('to count requests'),
  REDIS_TLS_CA: redisTlsCa,
  QUEUE_MAX_ACTIVE: count('how many users of a concert are admitted at once, unless an operator says', 1_000),
  QUEUE_MAX_PER_SECOND: count(
    'how many are admitted to a concert in any second, unless an operator says',
    1_000,
  ),
  QUEUE_MAX_STREAMS: count('how many may listen to their place at once, on this instance', 5_000),
  ACTIVE_TTL_MS: ms('how long an active token lasts', 600_000),
  WAITING_TTL_MS: ms('how long a waiting token lasts at least after its owner has last asked', 600_000),
  ADMIT_EVERY_MS: ms('how often expired tokens make room for the next', 250),
  IDEMPOTENCY_RETENTION_MS: ms('how long idempotency keys are remembered', 24 * 3_600_000),
  RATE_LIMIT_WINDOW_MS: ms('over how long requests are counted', 10_000),
  RATE_LIMIT_PER_USER: count('requests of one user in that time; 0 for any number', 60),
  RATE_LIMIT_PER_ADDRESS: count(
    'requests from one address in that time, which many people may share; 0 for any number',
    600,
  ),
});
export type Config = Static<typeof Config>;
