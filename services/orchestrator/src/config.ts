import { serviceConfig } from '@holdfast/shared/config/common';
import { redisTlsCa, redisUrl } from '@holdfast/shared/config/redis';
import { maxSeats } from '@holdfast/shared/contracts/values';
import Type, { type Static } from 'typebox';

const ms = (description: string, value: number) =>
  Type.Integer({ default: value, minimum: 1, description: `${description}, in milliseconds` });
const count = (description: string, value: number) =>
  Type.Integer({ default: value, minimum: 1, description });

const participant = (name: string) =>
  Type.Optional(
    Type.Array(Type.String({ format: 'uri' }), {
      description: `base URLs of the ${name} service's instances, comma-separated; for what operators ask of it`,
    }),
  );

export const Config = serviceConfig({
  REDIS_URL: redisUrl(
    'for the seat locks unless others have them, and to tell the instance whose client waits for a saga',
  ),
  REDIS_TLS_CA: redisTlsCa,
  LOCK_REDIS_URLS: Type.Optional(
    Type.Array(redisUrl('for the seat locks'), {
      minItems: 1,
      writeOnly: true,
      description:
        'Redis servers that know nothing of each other, comma-separated: a seat is locked where a majority says so; unset: REDIS_URL has the locks',
    }),
  ),
  MAX_SAGAS_IN_FLIGHT: count(
    'sagas of each type that an instance has under way at most; more get 503',
    2_000,
  ),
  MAX_SEATS_PER_RESERVATION: Type.Integer({
    default: 8,
    minimum: 1,
    maximum: maxSeats,
    description: 'seats that can be held together, at most',
  }),
  SAGAS_BEGIN_BY: Type.Optional(
    Type.Array(Type.String({ pattern: '^[a-z]+@[1-9]\\d*$' }), {
      description:
        'versions by which new sagas begin where it is not the newest, such as pay@1, comma-separated; while instances run that do not know the newest',
    }),
  ),
  SAGA_STEP_TIMEOUT_MS: ms(
    'how long the first attempt of a step waits; each further one twice as long',
    1_000,
  ),
  SAGA_STEP_ATTEMPTS: count('attempts of a step, then its outcome counts as unknown', 3),
  SAGA_UNDO_TIMEOUT_MS: ms('how long the first attempt of a compensation waits', 1_000),
  SAGA_UNDO_ATTEMPTS: count('attempts of a compensation, then the saga is parked', 20),
  SWEEP_EVERY_MS: ms('how often overdue sagas are looked for', 200),
  LOCK_LEASE_MS: ms('lease of a seat lock in Redis; extended while the saga lives', 10_000),
  INBOX_RETENTION_MS: ms('how long participants remember the commands of ended sagas', 24 * 3_600_000),
  IDEMPOTENCY_RETENTION_MS: ms('how long idempotency keys are remembered', 24 * 3_600_000),
  PRUNE_EVERY_MS: ms(
    'how often they are told which sagas have ended, and old idempotency keys are forgotten',
    60_000,
  ),
  EXTERNAL_API_URL: Type.Optional(
    Type.String({ format: 'uri', description: 'told of every hold, payment and refund; unset: nobody is' }),
  ),
  EXTERNAL_API_SECRET: Type.Optional(
    Type.Array(Type.String({ pattern: '^whsec_[A-Za-z0-9+/]+=*$' }), {
      writeOnly: true,
      description:
        'sign what is sent there, each of them (Standard Webhooks), comma-separated; unset: unsigned',
    }),
  ),
  EXTERNAL_API_TIMEOUT_MS: Type.Integer({
    default: 5_000,
    minimum: 1,
    maximum: 30_000,
    description: 'how long the external API may take to answer, in milliseconds',
  }),
  RESERVATION_URL: participant('reservation'),
  PAYMENT_URL: participant('payment'),
  BALANCE_URL: participant('balance'),
  TOKEN_URL: participant('token'),
  EXTERNAL_API_ATTEMPTS: count(
    'how often the external API may fail at an event while it takes others, before that is dead-lettered',
    8,
  ),
});
export type Config = Static<typeof Config>;
