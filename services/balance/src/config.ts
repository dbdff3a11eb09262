import { serviceConfig } from '@holdfast/shared/config/common';
import { Currency } from '@holdfast/shared/contracts/values';
import Type, { type Static } from 'typebox';

export type Config = Static<typeof Config>;
export const Config = serviceConfig({
  DEFAULT_CURRENCY: Type.String({
    ...Currency,
    default: 'KRW',
    description: 'ISO 4217 code of accounts that are made without one',
  }),
  LEDGER_CHECK_EVERY_MS: Type.Integer({
    default: 24 * 3_600_000,
    minimum: 1,
    description: 'how often the balances are compared with the ledger, in milliseconds',
  }),
});
