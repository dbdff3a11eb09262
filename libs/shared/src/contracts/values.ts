import { Type } from 'typebox';

/** The values that messages and HTTP bodies are made of. Amounts are integers in minor units. */

export const Uuid = Type.String({ format: 'uuid' });

/** No reservation is of more seats, however it is configured. */
export const maxSeats = 50;

/** The seats of one reservation: each once, in the order of their ids. */
export const SeatIds = Type.Array(Uuid, { minItems: 1, maxItems: maxSeats, uniqueItems: true });

/** ISO 4217 alphabetic code. */
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code' });

/** In minor units: small enough that sums of many stay exact in a double (2^53). */
export const maxAmount = 1_000_000_000_000;

export const Amount = Type.Integer({
  minimum: 0,
  maximum: maxAmount,
  description: 'minor units of the currency',
});

/** What is on an account: refunds may lift it above what can be charged. */
export const Balance = Type.Object({
  amount: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'minor units' }),
  currency: Currency,
});

export const Money = Type.Object({ amount: Amount, currency: Currency });
export type Money = Type.Static<typeof Money>;

/** RFC 3339, UTC. */
export const Timestamp = Type.String({ format: 'date-time' });

/** SHA-256 of a queue token, in hex. The token itself never leaves the edge and the token service. */
export const TokenHash = Type.String({ pattern: '^[0-9a-f]{64}$' });
