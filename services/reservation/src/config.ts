import { serviceConfig } from '@holdfast/shared/config/common';
import Type, { type Static } from 'typebox';

export const Config = serviceConfig({
  HOLD_TTL_MS: Type.Integer({
    default: 300_000,
    minimum: 1,
    description: 'how long a hold keeps its seat, in milliseconds',
  }),
  MAX_SEATS_PER_USER: Type.Integer({
    default: 8,
    minimum: 1,
    description: 'how many seats of one concert a user may have, held and paid',
  }),
  EXPIRE_EVERY_MS: Type.Integer({
    default: 1_000,
    minimum: 1,
    description: 'how often holds that have run out are looked for, in milliseconds',
  }),
  SEATS_MAX_STREAMS: Type.Integer({
    default: 5_000,
    minimum: 0,
    description: 'how many may follow seat maps at once, on this instance',
  }),
  SEATS_MAX_STREAMS_PER_ADDRESS: Type.Integer({
    default: 200,
    minimum: 0,
    description: 'and how many from one address, which many people may share; 0 for any number',
  }),
  HOLDFAST_SEED: Type.Boolean({
    default: false,
    description: 'fill an empty catalogue with demo concerts',
  }),
});
export type Config = Static<typeof Config>;
