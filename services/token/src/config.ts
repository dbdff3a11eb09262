import { serviceConfig } from '@holdfast/shared/config/common';
import Type, { type Static } from 'typebox';

const ms = (description: string, value: number) =>
  Type.Integer({ default: value, minimum: 1, description: `${description}, in milliseconds` });

export const Config = serviceConfig({
  TOKEN_SECRET: Type.String({
    minLength: 32,
    description: 'what queue tokens are made from, 32 characters or more; another one ends all tokens',
  }),
  RESERVATION_URL: Type.Array(Type.String({ format: 'uri' }), {
    minItems: 1,
    description:
      'where the reservation service tells of concerts and reservations: base URLs, comma-separated',
  }),
  QUEUE_MAX_ACTIVE: Type.Integer({
    default: 1_000,
    minimum: 1,
    description: 'how many users of a concert are admitted at once',
  }),
  ACTIVE_TTL_MS: ms('how long an active token lasts', 600_000),
  WAITING_TTL_MS: ms('how long a waiting token lasts after its owner has last asked', 3_600_000),
  ADMIT_EVERY_MS: ms('how often expired tokens make room for the next', 500),
});
export type Config = Static<typeof Config>;
